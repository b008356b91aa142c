package dev.waitingroom.queue.redis;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A certificate with its chain, and its key, from PEM. The JDK reads PKCS #8 alone; tools also write PKCS #1 ("RSA PRIVATE KEY", the
 * default of cert-manager) and SEC 1 ("EC PRIVATE KEY").
 */
public record ClientIdentity(List<X509Certificate> chain, PrivateKey key) {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN ((?:RSA |EC |ENCRYPTED )?)PRIVATE KEY-----([^-]*)-----END ");

    private static final byte[] VERSION = hex("020100");
    private static final String RSA_OID = "06092a864886f70d010101";
    private static final String EC_OID = "06072a8648ce3d0201";
    private static final byte[] RSA = hex("300d" + RSA_OID + "0500");
    private static final byte[] EC = hex(EC_OID);
    private static final int HEAD = 32;
    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final int EC_PARAMETERS = 0xa0;

    /**
     * Reads both.
     *
     * @throws IllegalArgumentException where one of them cannot be used; the message says which, and never contains key material
     */
    public static ClientIdentity parse(String certificatePem, String keyPem) {
        var identity = new ClientIdentity(certificates(certificatePem), privateKey(keyPem));
        if (!identity.belongsTogether()) {
            throw new IllegalArgumentException("the key is not that of the certificate");
        }
        return identity;
    }

    static ClientIdentity read(ClientCertificate files) throws IOException {
        return parse(Files.readString(files.certificate()), Files.readString(files.key()));
    }

    X509Certificate[] chainArray() {
        return chain.toArray(X509Certificate[]::new);
    }

    private static List<X509Certificate> certificates(String pem) {
        try {
            var chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (!chain.isEmpty()) {
                return chain;
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the certificate is not X.509 in PEM", e);
        }
        throw new IllegalArgumentException("the certificate is empty");
    }

    private static PrivateKey privateKey(String pem) {
        Matcher key = KEY.matcher(pem);
        if (!key.find()) {
            throw new IllegalArgumentException("the key is not a private key in PEM");
        }
        if (key.group(1).startsWith("ENCRYPTED") || key.group(2).contains("ENCRYPTED")) {
            throw new IllegalArgumentException("the key is encrypted: give it without a passphrase");
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(key.group(2).strip());
            return switch (key.group(1)) {
                case "RSA " -> decode("RSA", der(SEQUENCE, VERSION, RSA, der(OCTETS, der)));
                case "EC " -> decode("EC", der(SEQUENCE, VERSION, der(SEQUENCE, EC, curve(der)), der(OCTETS, der)));
                default -> ofAnyKind(der);
            };
        } catch (GeneralSecurityException | RuntimeException e) { // their messages may contain key material
            throw new IllegalArgumentException("the key cannot be read: it must be RSA, EC or Ed25519");
        }
    }

    /** PKCS #8 names the algorithm at its beginning. */
    private static PrivateKey ofAnyKind(byte[] pkcs8) throws GeneralSecurityException {
        String head = HexFormat.of().formatHex(pkcs8, 0, Math.min(pkcs8.length, HEAD));
        return decode(head.contains(RSA_OID) ? "RSA" : head.contains(EC_OID) ? "EC" : "EdDSA", pkcs8);
    }

    private static PrivateKey decode(String algorithm, byte[] pkcs8) throws GeneralSecurityException {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    /** SEC 1: version, key, then the curve that PKCS #8 wants to have outside. */
    private static byte[] curve(byte[] sec1) {
        ByteBuffer key = value(ByteBuffer.wrap(sec1));
        value(key);
        value(key);
        if (Byte.toUnsignedInt(key.get(key.position())) != EC_PARAMETERS) {
            throw new IllegalArgumentException("no curve");
        }
        ByteBuffer parameters = value(key);
        var curve = new byte[parameters.remaining()];
        parameters.get(curve);
        return curve;
    }

    /** The value that stands at the buffer's position, which moves behind it. */
    private static ByteBuffer value(ByteBuffer der) {
        der.get();
        int length = Byte.toUnsignedInt(der.get());
        if (length >= 0x80) {
            int bytes = length - 0x80;
            length = 0;
            for (int i = 0; i < bytes; i++) {
                length = length << 8 | Byte.toUnsignedInt(der.get());
            }
        }
        ByteBuffer value = der.slice(der.position(), length);
        der.position(der.position() + length);
        return value;
    }

    private static byte[] der(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer der = ByteBuffer.allocate(length + 4).put((byte) tag);
        if (length < 0x80) {
            der.put((byte) length);
        } else {
            der.put((byte) 0x82).putShort((short) length); // no key takes 64 KB
        }
        for (byte[] part : parts) {
            der.put(part);
        }
        var bytes = new byte[der.position()];
        der.flip().get(bytes);
        return bytes;
    }

    private boolean belongsTogether() {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> "EdDSA";
        };
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(VERSION);
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(chain.getFirst().getPublicKey());
            verifier.update(VERSION);
            return verifier.verify(signer.sign());
        } catch (GeneralSecurityException e) { // a key of another kind
            return false;
        }
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    @Override
    public String toString() {
        return "ClientIdentity[" + chain.getFirst().getSubjectX500Principal() + "]";
    }
}
