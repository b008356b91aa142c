package dev.waitingroom.queue.redis;

import dev.waitingroom.queue.store.GatewayScripts;
import dev.waitingroom.queue.store.PodReport;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;

/** A pod's report as bytes. Redis puts its time, 8 bytes of µs, before them. */
final class ReportCodec {
    private ReportCodec() {}

    static byte[] encode(GatewayScripts.Report report) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeUTF(report.version());
            out.writeDouble(report.requestsPerSecond());
            out.writeDouble(report.cpuShare());
            out.writeInt(report.heldAdmits());
            out.writeInt(report.generations().size());
            for (Map.Entry<String, Long> served : report.generations().entrySet()) {
                out.writeUTF(served.getKey());
                out.writeLong(served.getValue());
            }
            // At the end, since an operator of an earlier build reads no further.
            out.writeDouble(report.streamShare());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static PodReport decode(String pod, byte[] stamped) {
        try (var in = new DataInputStream(new ByteArrayInputStream(stamped))) {
            Instant at = Instant.EPOCH.plus(in.readLong(), ChronoUnit.MICROS);
            String version = in.readUTF();
            double requestsPerSecond = in.readDouble();
            double cpuShare = in.readDouble();
            int heldAdmits = in.readInt();
            var generations = new HashMap<String, Long>();
            for (int i = in.readInt(); i > 0; i--) {
                generations.put(in.readUTF(), in.readLong());
            }
            double streamShare = in.available() > 0 ? in.readDouble() : 0; // an earlier build has no streams
            return new PodReport(pod, version, at, requestsPerSecond, cpuShare, streamShare, heldAdmits, generations);
        } catch (IOException e) {
            throw new UncheckedIOException("the report of pod " + pod + " cannot be read", e);
        }
    }
}
