package dev.filestore.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParametersTest {

    private static Map<String, String> parse(String text) throws MalformedBodyException {
        return Parameters.parse("field", text);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "form-data, form-data",
                "form-data; x=y, form-data",
                "`\t form-data\t;x`, form-data",
                "`;x=y`, ``",
                "`\u3000form-data`, `\u3000form-data`"
            })
    void value_field_isWhatStandsInFront(String text, String value) {
        assertThat(Parameters.value(text)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a; x=y | y",
                "a ;\tX=y ; | y",
                "a;;;x=y;; | y",
                "a; x= | ``",
                "a; x=\"\" | ``",
                "a; x=\"y;z=\\\"1\\\"\" | y;z=\"1\"",
                "a; x=\"C:\\dir\\\\y\" | C:\\dir\\y",
                "a; w=\"; x=z\"; x=y | y",
                "a; x=b=c | b=c",
                "a; x=\ubb38\uc11c | \ubb38\uc11c"
            })
    void parse_parameter_isFound(String text, String x) throws MalformedBodyException {
        assertThat(parse(text)).containsEntry("x", x);
    }

    @Test
    void parse_noParameters_isEmpty() throws MalformedBodyException {
        assertThat(parse("")).isEmpty();
        assertThat(parse("form-data")).isEmpty();
        assertThat(parse("form-data;")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a; x",
                "a; =y",
                "a; x =y",
                "a; x= y",
                "a; x= \"y\"",
                "a; x=y z",
                "a; x=y\tz",
                "a; x=y\"z\"",
                "a; x=\"y\"z",
                "a; x=\"y\" z",
                "a; x=\"y",
                "a; x=\"y\\\"",
                "a; x=\"",
                "a; x y=z",
                "a; \u00fc=z",
                "a; \u3000x=z",
                "a; x\0=z",
                "a; \"x\"=z",
                "a; x=1; x=1",
                "a; x=1; X=2",
                "a; x=\"1\"; y=2; x=3"
            })
    void parse_whatCanBeReadInTwoWays_isRefused(String text) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(MalformedBodyException.class)
                .hasMessageStartingWith("The field ");
    }
}
