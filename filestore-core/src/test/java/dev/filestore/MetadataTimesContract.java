package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The part of the contract kit for times: the same instant comes out, whatever the zone of the process. */
abstract class MetadataTimesContract {

    /** Also around the hours that New York, Berlin and Lord Howe Island skip or live twice in 2026. */
    private static final List<Instant> TIMES = List.of(
            Instant.parse("2026-02-26T14:30:22Z"),
            Instant.parse("2026-02-26T14:30:22.000001Z"),
            Instant.parse("2026-02-26T14:30:22.999999Z"),
            Instant.parse("2026-02-26T23:59:59.999999Z"),
            Instant.parse("2026-03-08T02:30:00.5Z"),
            Instant.parse("2026-03-08T06:59:59.999999Z"),
            Instant.parse("2026-03-08T07:00:00Z"),
            Instant.parse("2026-03-29T00:59:59.999999Z"),
            Instant.parse("2026-03-29T01:00:00Z"),
            Instant.parse("2026-03-29T02:30:00.000001Z"),
            Instant.parse("2026-04-04T14:45:00Z"),
            Instant.parse("2026-04-04T15:15:00Z"),
            Instant.parse("2026-10-04T02:15:00.000001Z"),
            Instant.parse("2026-10-25T00:30:00Z"),
            Instant.parse("2026-10-25T01:30:00Z"),
            Instant.parse("2026-10-25T02:30:00Z"),
            Instant.parse("2026-11-01T05:30:00Z"),
            Instant.parse("2026-11-01T06:30:00Z"),
            Instant.parse("1999-12-31T23:59:59.999999Z"),
            Instant.parse("2038-01-19T03:14:08.000001Z"),
            Instant.parse("2126-02-26T14:30:22.123456Z"));

    private final MetadataRepositoryContract contract;

    MetadataTimesContract(MetadataRepositoryContract contract) {
        this.contract = contract;
    }

    private MetadataRepository rows() {
        return contract.repository();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTC", "America/New_York", "Europe/Berlin", "Asia/Seoul", "Australia/Lord_Howe"})
    void times_writtenInOneZoneAndReadInAnother_areTheSame(String zone) {
        TimeZone before = TimeZone.getDefault();
        try {
            List<FileRow> inserted = new ArrayList<>();
            TimeZone.setDefault(TimeZone.getTimeZone(zone));
            for (Instant time : TIMES) {
                FileRow row = MetadataRepositoryContract.pending("at " + time, "123", Category.IMAGE, time);
                inserted.add(contract.inserted(MetadataRepositoryContract.with(
                        row, FileState.AVAILABLE, time.plusNanos(1000), time.plusNanos(2000))));
            }
            for (String reader : List.of(zone, "America/New_York", "Pacific/Kiritimati")) {
                TimeZone.setDefault(TimeZone.getTimeZone(reader));
                for (FileRow row : inserted) {
                    assertThat(rows().find(row.id())).contains(row);
                }
            }
        } finally {
            TimeZone.setDefault(before);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTC", "America/New_York", "Europe/Berlin", "Asia/Seoul", "Australia/Lord_Howe"})
    void times_inQueries_areComparedAsInstants(String zone) {
        TimeZone before = TimeZone.getDefault();
        try {
            TimeZone.setDefault(TimeZone.getTimeZone(zone));
            for (Instant time : TIMES) {
                FileRow row = MetadataRepositoryContract.pending("at " + time, "at " + time, Category.IMAGE, time);
                Instant end = time.plus(Duration.ofMinutes(40));
                FileRow file = contract.inserted(MetadataRepositoryContract.with(row, FileState.AVAILABLE, end, end));
                RowQuery before40 = new RowQuery(file.owner(), null, end.minusNanos(1000));
                assertThat(rows().count(before40)).isOne();
                assertThat(rows().count(new RowQuery(file.owner(), null, end))).isZero();
                assertThat(rows().list(before40, new RowQuery.Position(time, Long.MAX_VALUE), 0, 1))
                        .containsExactly(file);
                assertThat(rows().list(before40, new RowQuery.Position(time, Long.MIN_VALUE), 0, 1))
                        .isEmpty();
                assertThat(rows().claimDue(end.minusNanos(1000), end.plusSeconds(1), 1))
                        .isEmpty();
                List<FileRow> claimed = rows().claimDue(end, end.plus(Duration.ofDays(1)), 1);
                assertThat(claimed).extracting(FileRow::id).containsExactly(file.id());
                assertThat(rows().remove(claimed.get(0))).isTrue();
            }
        } finally {
            TimeZone.setDefault(before);
        }
    }

    @Test
    void list_timesAMicrosecondApart_areInOrder() {
        List<FileRow> files = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            files.add(
                    0,
                    contract.available(
                            "key-" + i, "123", Category.IMAGE, MetadataRepositoryContract.NOW.plusNanos(1000L * i)));
        }
        assertThat(rows().list(new RowQuery("123", null, MetadataRepositoryContract.NOW), null, 0, 10))
                .containsExactlyElementsOf(files);
    }
}
