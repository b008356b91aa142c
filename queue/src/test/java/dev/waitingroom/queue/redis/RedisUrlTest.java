package dev.waitingroom.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisURI;
import io.lettuce.core.SslVerifyMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisUrlTest {
    @Test
    void aServerIsOneNode() {
        RedisUrl url = RedisUrl.parse("rediss://u:p@[::1]:6380/3");

        assertThat(url.cluster()).isFalse();
        RedisURI node = url.nodes().getFirst();
        assertThat(node.getPort()).isEqualTo(6_380);
        assertThat(node.getDatabase()).isEqualTo(3);
        assertThat(node.isSsl()).isTrue();
    }

    @Test
    void sentinelsAreOfOneNode() {
        RedisUrl url = RedisUrl.parse("redis-sentinel://a:1,b_2:2#line");

        assertThat(url.cluster()).isFalse();
        assertThat(url.nodes()).hasSize(1);
        assertThat(url.nodes().getFirst().getSentinelMasterId()).isEqualTo("line");
        assertThat(url.nodes().getFirst().getSentinels())
                .extracting(RedisURI::getHost)
                .containsExactly("a", "b_2");
    }

    @Test
    void ofAClusterEachIsANode() {
        RedisUrl url = RedisUrl.parse("rediss-cluster://a,b:7000/");

        assertThat(url.cluster()).isTrue();
        assertThat(url.nodes()).extracting(RedisURI::getHost).containsExactly("a", "b");
        assertThat(url.nodes()).extracting(RedisURI::getPort).containsExactly(6_379, 7_000);
        assertThat(url.nodes()).allMatch(RedisURI::isSsl);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rediss-cluster://u:p@a,b:7000,c?verifyPeer=CA&clientName=gateway",
                "rediss-cluster://u:p@a,b:7000,c/0?verifyPeer=ca&clientName=gateway"
            })
    void ofAClusterEachNodeHasTheLoginAndTheOptions(String text) {
        RedisUrl url = RedisUrl.parse(text);

        assertThat(url.nodes()).extracting(RedisURI::getHost).containsExactly("a", "b", "c");
        assertThat(url.nodes()).extracting(RedisURI::getPort).containsExactly(6_379, 7_000, 6_379);
        assertThat(url.nodes()).allSatisfy(node -> {
            assertThat(node.getVerifyMode()).isEqualTo(SslVerifyMode.CA);
            assertThat(node.getClientName()).isEqualTo("gateway");
            assertThat(node.toString()).as("the password is masked").startsWith("rediss://u:*@");
        });
    }

    @Test
    void ofSentinelsEachHasTheOptions() {
        RedisURI node = RedisUrl.parse("rediss-sentinel://a:1,b:2,c:3/4?verifyPeer=NONE&clientName=gateway#line")
                .nodes()
                .getFirst();

        assertThat(node.getSentinelMasterId()).isEqualTo("line");
        assertThat(node.getDatabase()).isEqualTo(4);
        assertThat(node.getVerifyMode()).isEqualTo(SslVerifyMode.NONE);
        assertThat(node.getSentinels()).hasSize(3).allSatisfy(sentinel -> {
            assertThat(sentinel.isSsl()).isTrue();
            assertThat(sentinel.getVerifyMode()).isEqualTo(SslVerifyMode.NONE);
            assertThat(sentinel.getClientName()).isEqualTo("gateway");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "rediss://hidden?verifyPer=CA, there are verifyPeer=FULL",
        "rediss-cluster://hidden?verifyPeer, there are verifyPeer=FULL",
        "'rediss-cluster://hidden,hidden?clientName=x&tls=off', there are verifyPeer=FULL",
        "rediss://hidden?verifyPeer=false, 'must be FULL (certificate and host name), CA'",
        "rediss-cluster://hidden?verifyPeer=host, 'must be FULL (certificate and host name), CA'",
        "rediss-sentinel://hidden#line?verifyPeer=CA, must stand before #"
    })
    void refusesAnOptionThatWouldBeIgnored(String url, String why) {
        assertThatThrownBy(() -> RedisUrl.parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why)
                .hasMessageNotContaining("hidden");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://",
                "redis:///",
                "redis://hidden host",
                "redis://hidden:port",
                "redis://hid_den:6379",
                "redis://hidden:65536",
                "redis://hidden/first",
                "redis://hidden:1,hidden:2",
                "redis-sentinel://#hidden",
                "redis-sentinel://hidden:1,,hidden:2#line",
                "redis-sentinel://hidden:1,hidden:x#line",
                "redis-sentinel://hidden#",
                "redis-cluster://",
                "redis-cluster://hidden:1,"
            })
    void whatCannotBeUnderstoodIsNotRepeated(String url) {
        assertThatThrownBy(() -> RedisUrl.parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("it must be like redis://host:6379/0")
                .hasMessageNotContainingAny("hidden", "hid_den")
                .hasNoCause();
    }

    @Test
    void saysThatThePrimaryOfSentinelsHasNoName() {
        assertThatThrownBy(() -> RedisUrl.parse("redis-sentinel://hidden:26379"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("#mymaster")
                .hasMessageNotContaining("hidden");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hidden:6379", "http://hidden", "redis-socket:///hidden"})
    void saysWhatThereIs(String url) {
        assertThatThrownBy(() -> RedisUrl.parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must begin with redis://, redis-sentinel:// or redis-cluster://")
                .hasMessageNotContaining("hidden");
    }
}
