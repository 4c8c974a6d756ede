package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The part of the contract kit for keys that trip up paths, addresses and shells. */
abstract class StorageKeysContract {

    static final List<String> SEGMENTS = List.of(
            " ",
            "two  spaces",
            " around ",
            "plus+plus",
            "100%",
            "%2F",
            "%2e%2e",
            "hash#1",
            "what?a=b&c=d;e",
            "quote'\"`",
            "(round)[square]{curly}<angle>",
            "*?[a-z]",
            "$HOME ~ !",
            "a:b",
            "a|b^c,d@e=f",
            ".hidden",
            "...",
            "..a",
            "trailing.",
            "-rf",
            "CON",
            "index.html",
            "é ü ß",
            // No composed form: NFC keeps the combining mark.
            "g\u0308 x\u0323\u0302",
            "문서",
            "日本語、العربية",
            "family \ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67",
            "\ufeffmark",
            "s".repeat(255),
            "문".repeat(85),
            "\ud83d\ude00".repeat(63) + "abc");

    private final StorageBackendContract contract;

    StorageKeysContract(StorageBackendContract contract) {
        this.contract = contract;
    }

    @ParameterizedTest
    @FieldSource("SEGMENTS")
    void put_oddName_isFoundUnderIt(String segment) throws IOException {
        assertKept(contract.key(segment));
    }

    @ParameterizedTest
    @FieldSource("SEGMENTS")
    void put_oddFolder_isFoundUnderIt(String segment) throws IOException {
        assertKept(contract.key(segment + "/file.txt"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1_023, 1_024})
    void put_longestKey_isFoundUnderIt(int length) throws IOException {
        StringBuilder key = new StringBuilder(contract.prefix);
        while (length - key.length() > 201) {
            key.append("k".repeat(200)).append('/');
        }
        key.append("k".repeat(length - key.length()));
        assertKept(key.toString());
    }

    @Test
    void put_longestKeyInKorean_isFoundUnderIt() throws IOException {
        StringBuilder key = new StringBuilder(contract.prefix);
        int left = 1_024 - key.length();
        while (left > 255) {
            key.append("문".repeat(66)).append('/');
            left -= 199;
        }
        key.append("문".repeat(left / 3)).append("x".repeat(left % 3));
        assertThat(key.toString().getBytes(StandardCharsets.UTF_8)).hasSize(1_024);
        assertKept(key.toString());
    }

    @Test
    void put_deepKey_isFoundUnderIt() throws IOException {
        assertKept(contract.prefix + "d/".repeat(100) + "file");
    }

    @Test
    void put_namesThatDifferInLittle_areDifferentObjects() {
        List<String> names = List.of(
                "Name",
                "name",
                "name ",
                " name",
                "name.",
                "na+me",
                "na me",
                "na%20me",
                "na%2Bme",
                "n\u00e4me",
                "문서",
                "문서 ");
        for (int i = 0; i < names.size(); i++) {
            contract.store(contract.key(names.get(i)), StorageBackendContract.bytes(10, i));
        }
        for (int i = 0; i < names.size(); i++) {
            contract.assertHolds(contract.key(names.get(i)), StorageBackendContract.bytes(10, i));
        }
    }

    @Test
    void put_keyBelowAnObject_isAnObjectOfItsOwn() throws IOException {
        byte[] content = {1, 2};
        contract.store(contract.key("a"), content);
        if (contract.refusesKeyBelowObject()) {
            assertRefused(contract.key("a/b"));
        } else {
            assertKept(contract.key("a/b"));
        }
        contract.assertHolds(contract.key("a"), content);
    }

    @Test
    void put_keyAboveAnObject_isAnObjectOfItsOwn() throws IOException {
        byte[] content = {1, 2};
        contract.store(contract.key("a/b"), content);
        if (contract.refusesKeyBelowObject()) {
            assertRefused(contract.key("a"));
        } else {
            assertKept(contract.key("a"));
        }
        contract.assertHolds(contract.key("a/b"), content);
    }

    private void assertKept(String key) throws IOException {
        if (contract.refuses(key)) {
            assertRefused(key);
            return;
        }
        byte[] content = StorageBackendContract.bytes(100, key.hashCode());
        contract.store(key, content);
        contract.assertHolds(key, content);
        assertThat(contract.backend().stat(key).map(ObjectInfo::key)).contains(key);
        assertThat(contract.backend().list(contract.prefix, "", 10))
                .extracting(ObjectInfo::key)
                .contains(key);
        assertThat(contract.backend().list(key, "", 1))
                .extracting(ObjectInfo::key)
                .containsExactly(key);
        contract.backend().delete(key);
        contract.assertAbsent(key);
        contract.backend().purge(key);
    }

    private void assertRefused(String key) throws IOException {
        assertThatThrownBy(() -> contract.store(key, new byte[] {1})).isInstanceOf(StorageException.class);
        contract.assertAbsent(key);
    }
}
