package dev.waitingroom.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.waitingroom.queue.store.QueueRedisException;
import dev.waitingroom.queue.store.RedisFault;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Texts that servers here do not say, too: as their documentation and reports of their users quote them. */
class ErrorRepliesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "COMMAND_REFUSED | ERR unknown command 'INFO', with args beginning with:",
                "COMMAND_REFUSED | ERR unknown command `INFO`, with args beginning with:",
                "COMMAND_REFUSED | ERR Unknown Redis command called from script script: bc5a, on @user_script:1.",
                "COMMAND_REFUSED | @user_script: 1: Unknown Redis command called from Lua script",
                "COMMAND_REFUSED | ERR Unknown command called from script script: on @user_script:1.",
                "COMMAND_REFUSED | @user_script: 1: The user executing the script can't run this command or subcommand",
                "COMMAND_REFUSED | ERR ACL failure in script: User u has no permissions to run the 'set' command",
                "COMMAND_REFUSED | NOPERM this user has no permissions to run the 'evalsha' command or its subcommand",
                "COMMAND_REFUSED | ERR This Redis command is not allowed from script",
                "COMMAND_REFUSED | ERR command eval not support for normal user",
                "KEYS_FORBIDDEN | ERR ACL failure in script: No permissions to access a key script: on @user_script:1.",
                "KEYS_FORBIDDEN | NOPERM this user has no permissions to access one of the keys used as arguments",
                "UNDECLARED_KEYS_REFUSED | ERR Error running script (call to 1f): @user_script:21: script tried accessing undeclared key, key: wr:{a/b}:check:1",
                "UNDECLARED_KEYS_REFUSED | ERR bad lua script for redis cluster, all the keys that the script uses should be passed using the KEYS array",
                "HISTORY_UNKNOWN | ERR user_script:5: INFO replication tells no master_replid script: on @user_script:5.",
                "REFUSED | OOM command not allowed when used memory > 'maxmemory'.",
                "REFUSED | WRONGTYPE Operation against a key holding the wrong kind of value",
                "REFUSED | READONLY You can't write against a read only replica."
            })
    void knowsWhatIsWrong(RedisFault fault, String error) {
        assertThat(ErrorReplies.fault(error)).isEqualTo(fault);
    }

    @Test
    void aRefusalWhileConnectingIsOneAndAllElseIsNoConnection() {
        assertThat(ErrorReplies.whileConnecting("(NOPERM this user has no permissions to run the 'ping' command)"))
                .isEqualTo(RedisFault.COMMAND_REFUSED);
        assertThat(ErrorReplies.whileConnecting("(WRONGPASS invalid username-password pair)"))
                .isEqualTo(RedisFault.UNREACHABLE);
    }

    @Test
    void aRedisWithoutAHistoryCannotBeUsed() {
        assertThatThrownBy(() -> CheckDecoder.decode(reply("", "noeviction")))
                .isInstanceOfSatisfying(
                        QueueRedisException.class,
                        refused -> assertThat(refused.fault()).isEqualTo(RedisFault.HISTORY_UNKNOWN));
    }

    @Test
    void namesTheServiceThatWantsEachKeyDeclared() {
        assertThatThrownBy(() -> CheckDecoder.decode(reply(
                        "ab12",
                        "",
                        "SET",
                        "script tried accessing undeclared key",
                        "GET",
                        "script tried accessing undeclared key")))
                .isInstanceOfSatisfying(
                        QueueRedisException.class,
                        refused -> assertThat(refused.fault()).isEqualTo(RedisFault.UNDECLARED_KEYS_REFUSED))
                .hasMessage("this Redis refuses SET, GET (script tried accessing undeclared key)");
    }

    @Test
    void passesOverWhatPassesByItself() {
        assertThat(CheckDecoder.decode(reply("ab12", "", "SET", "OOM command not allowed"))
                        .evictionPolicy())
                .isEqualTo(Optional.empty());
    }

    private static List<Object> reply(String... texts) {
        return Stream.of(texts).<Object>map(Bytes::of).toList();
    }
}
