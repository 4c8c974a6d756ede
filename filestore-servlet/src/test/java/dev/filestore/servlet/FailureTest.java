package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "plain \ubb38\uc11c \ud83d\ude00, plain \ubb38\uc11c \ud83d\ude00",
                "``, ``",
                "`a' op=delete user='b`, a? op=delete user=?b",
                "`a\r\nb\tc\u007f\u0085`, a??b?c??",
                "`\u202ea\u2066\u200b\ufeff`, ?a???",
                "`\u2028\u2029`, ??",
                "`\ud800a\udfff`, ?a?",
                "`\ue000\uffff`, ??",
                "`\u001b[31m\u009b`, ?[31m?"
            })
    void quote_text_isFitForALog(String text, String quoted) {
        assertThat(Failure.quote(text)).isEqualTo("'" + quoted + "'");
    }

    @Test
    void quote_longText_isCutBetweenCharacters() {
        assertThat(Failure.quote("\ud83d\ude00".repeat(64))).isEqualTo("'" + "\ud83d\ude00".repeat(64) + "'");
        assertThat(Failure.quote("\ud83d\ude00".repeat(65))).isEqualTo("'" + "\ud83d\ude00".repeat(64) + "...'");
    }
}
