package dev.filestore;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The operations of a store that meet with faults. */
final class FaultOperations {

    private static final Duration TTL = Duration.ofHours(2);
    private static final Duration PAST_TTL = TTL.plusMinutes(10);

    private FaultOperations() {}

    /** All of them; those of multipart uploads only where there are parts. */
    static List<FaultOperation> of(FaultStack stack) {
        List<FaultOperation> operations = new ArrayList<>();
        operations.addAll(uploads());
        operations.addAll(scans());
        if (stack.partSizeBytes() > 0) {
            operations.add(new FaultOperation(
                    "upload in two parts", client -> client.upload(client.fileOfTwoParts("large.pdf"))));
            operations.add(new FaultOperation(
                            "upload of an infected file in two parts",
                            client -> client.uploadInfected(client.fileOfTwoParts(FaultScanner.INFECTED)))
                    .withScanner());
        }
        operations.addAll(deletes());
        operations.addAll(reads());
        operations.addAll(sweeps());
        operations.addAll(lives());
        operations.addAll(events());
        operations.addAll(erasures());
        operations.addAll(wholes());
        return operations;
    }

    private static List<FaultOperation> uploads() {
        return List.of(
                new FaultOperation("upload of unknown length", client -> client.upload(client.file("a.pdf"))),
                new FaultOperation(
                        "upload of known length", client -> client.uploadOfKnownLength(client.file("a.pdf"))),
                new FaultOperation("upload with TTL", client -> client.upload(client.file("a.pdf"), TTL)),
                new FaultOperation("upload that breaks off", client -> client.uploadBreakingOff(client.file("a.pdf"))),
                new FaultOperation("two uploads of one name in one second", client -> {
                    client.upload(client.file("a.pdf"));
                    client.upload(client.file("a.pdf"));
                }));
    }

    private static List<FaultOperation> scans() {
        return List.of(
                new FaultOperation("upload of unknown length", client -> client.upload(client.file("a.pdf")))
                        .withScanner(),
                new FaultOperation("upload with TTL", client -> client.upload(client.file("a.pdf"), TTL))
                        .withScanner()
                        .withListener(),
                new FaultOperation("upload that breaks off", client -> client.uploadBreakingOff(client.file("a.pdf")))
                        .withScanner(),
                new FaultOperation(
                                "upload of an infected file",
                                client -> client.uploadInfected(client.file(FaultScanner.INFECTED)))
                        .withScanner(),
                new FaultOperation(
                                "upload of a file that is found infected early",
                                client -> client.uploadInfected(client.file(FaultScanner.INFECTED_EARLY)))
                        .withScanner(),
                new FaultOperation(
                                "upload while others erase",
                                client -> {},
                                client -> client.upload(client.file("a.pdf")),
                                FaultClient::erase)
                        .withScanner());
    }

    private static List<FaultOperation> deletes() {
        return List.of(
                new FaultOperation("delete", FaultOperations::twoOfYesterday, client -> client.delete(client.first())),
                new FaultOperation(
                        "delete right after upload",
                        client -> client.stored("a.pdf"),
                        client -> client.delete(client.first())),
                new FaultOperation("delete, and again", FaultOperations::twoOfYesterday, client -> {
                    client.delete(client.first());
                    client.delete(client.first());
                }),
                new FaultOperation(
                        "delete while others do",
                        FaultOperations::twoOfYesterday,
                        client -> client.delete(client.first()),
                        client -> client.delete(client.first())),
                new FaultOperation("upload, delete, upload of one name", client -> {
                    client.upload(client.file("a.pdf"));
                    client.delete(client.first());
                    client.upload(client.file("a.pdf"));
                }));
    }

    private static List<FaultOperation> reads() {
        return List.of(
                new FaultOperation("find", FaultOperations::oneToExpire, client -> client.find(client.first())),
                new FaultOperation(
                        "read while others delete",
                        FaultOperations::twoOfYesterday,
                        client -> client.read(client.first()),
                        client -> client.delete(client.first())),
                new FaultOperation("read", FaultOperations::oneToExpire, client -> client.read(client.first())),
                new FaultOperation(
                        "list while others delete",
                        FaultOperations::twoOfYesterday,
                        FaultClient::list,
                        client -> client.delete(client.first())),
                new FaultOperation("presign", FaultOperations::oneToExpire, client -> client.presign(client.first())));
    }

    private static List<FaultOperation> sweeps() {
        return List.of(
                new FaultOperation("sweep of an expired file", FaultOperations::oneExpired, FaultClient::sweep),
                new FaultOperation(
                        "sweep of dead uploads",
                        client -> {
                            client.uploadDyingAt("put", client.file("before.pdf"));
                            client.uploadDyingAt("compareAndSet", client.file("after.pdf"));
                            client.advance(Duration.ofMinutes(45));
                        },
                        FaultClient::sweep),
                new FaultOperation(
                        "sweep of a broken put",
                        client -> {
                            client.uploadDyingInSource(client.fileOfTwoParts("inside.pdf"));
                            client.advance(Duration.ofMinutes(45));
                        },
                        FaultClient::sweep),
                new FaultOperation(
                        "sweep of unfinished deletes",
                        client -> {
                            client.deleteDyingAt("delete", client.stored("bytes.pdf"));
                            client.deleteDyingAt("remove", client.stored("row.pdf"));
                            client.delete(client.stored("reserved.pdf"));
                            client.advance(Duration.ofMinutes(45));
                        },
                        FaultClient::sweep),
                new FaultOperation(
                        "sweep of everything",
                        client -> {
                            client.stored("stays.pdf");
                            client.stored("expires.pdf", TTL);
                            client.uploadDyingAt("compareAndSet", client.file("dead.pdf"));
                            client.deleteDyingAt("delete", client.stored("deleted.pdf"));
                            client.advance(PAST_TTL);
                        },
                        FaultClient::sweep));
    }

    private static List<FaultOperation> lives() {
        return List.of(
                new FaultOperation("keep", FaultOperations::oneToExpire, client -> client.keep(client.first())),
                new FaultOperation(
                        "keep shortly before expiry",
                        client -> client.stored("a.pdf", Duration.ofMinutes(30)),
                        client -> client.keep(client.first())),
                new FaultOperation(
                        "keep while others delete",
                        FaultOperations::oneToExpire,
                        client -> client.keep(client.first()),
                        client -> client.delete(client.first())),
                new FaultOperation("expireAt, and keep", FaultOperations::twoOfYesterday, client -> {
                    client.expireIn(client.first(), TTL);
                    client.keep(client.first());
                }),
                new FaultOperation(
                        "expireAt",
                        FaultOperations::twoOfYesterday,
                        client -> client.expireIn(client.first(), Duration.ofMinutes(20))),
                new FaultOperation(
                        "verify while others delete",
                        FaultOperations::twoOfYesterday,
                        client -> client.verify(client.first()),
                        client -> client.delete(client.first())));
    }

    private static List<FaultOperation> events() {
        return List.of(
                new FaultOperation("upload", client -> client.upload(client.file("a.pdf"))).withListener(),
                new FaultOperation("delete", FaultOperations::oneToExpire, client -> client.delete(client.first()))
                        .withListener(),
                new FaultOperation("upload and delete", client -> {
                            client.upload(client.file("a.pdf"));
                            client.delete(client.first());
                        })
                        .withListener(),
                new FaultOperation("keep", FaultOperations::oneToExpire, client -> client.keep(client.first()))
                        .withListener(),
                new FaultOperation("sweep of an expired file", FaultOperations::oneExpired, FaultClient::sweep)
                        .withListener());
    }

    private static List<FaultOperation> erasures() {
        return List.of(
                new FaultOperation(
                        "erasure of files and uploads of every state",
                        client -> {
                            client.stored("expires.pdf", TTL);
                            client.deleteDyingAt("delete", client.stored("deleted.pdf"));
                            client.advance(Duration.ofMinutes(10));
                            client.stored("fresh.pdf");
                            client.uploadDyingAt("compareAndSet", client.file("dead.pdf"));
                        },
                        FaultClient::erase),
                new FaultOperation("erasure, and again", FaultOperations::twoOfYesterday, client -> {
                    client.erase();
                    client.erase();
                }),
                new FaultOperation(
                        "erasure while the user uploads",
                        FaultOperations::twoOfYesterday,
                        FaultClient::erase,
                        client -> client.upload(client.file("more.pdf"))),
                new FaultOperation(
                        "upload while others erase",
                        client -> {},
                        client -> client.upload(client.file("a.pdf")),
                        FaultClient::erase),
                new FaultOperation(
                        "erasure while others delete",
                        FaultOperations::twoOfYesterday,
                        FaultClient::erase,
                        client -> client.delete(client.first())));
    }

    private static List<FaultOperation> wholes() {
        return List.of(
                new FaultOperation("exportOwner", FaultOperations::twoOfYesterday, FaultClient::export),
                new FaultOperation(
                        "exportOwner while others delete",
                        FaultOperations::twoOfYesterday,
                        FaultClient::export,
                        client -> client.delete(client.first())),
                new FaultOperation(
                                "audit",
                                client -> {
                                    client.plantUnfinished();
                                    client.stored("a.pdf");
                                    client.plantOrphan();
                                },
                                FaultClient::audit)
                        .withAudit(),
                new FaultOperation(
                                "audit while others upload",
                                client -> {
                                    client.stored("a.pdf");
                                    client.plantOrphan();
                                },
                                FaultClient::audit,
                                client -> client.upload(client.file("more.pdf")))
                        .withAudit(),
                new FaultOperation(
                                "upload while others audit",
                                client -> client.plantOrphan(),
                                client -> client.upload(client.file("a.pdf")),
                                FaultClient::audit)
                        .withAudit());
    }

    private static void twoOfYesterday(FaultClient client) {
        client.stored("a.pdf");
        client.stored("bystander.pdf");
        client.advance(Duration.ofDays(1));
    }

    private static void oneToExpire(FaultClient client) {
        client.stored("a.pdf", TTL);
    }

    private static void oneExpired(FaultClient client) {
        client.stored("a.pdf", TTL);
        client.stored("bystander.pdf");
        client.advance(PAST_TTL);
    }
}
