package dev.filestore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TailTest {

    @Test
    void bytes_piecesOfAnySize_areTheLastOnes() {
        Random random = new Random(20260226);
        for (int round = 0; round < 2000; round++) {
            byte[] all = new byte[random.nextInt(200)];
            random.nextBytes(all);
            int keeps = 1 + random.nextInt(64);
            Tail tail = new Tail(keeps);
            int place = 0;
            while (place < all.length) {
                int piece = Math.min(1 + random.nextInt(100), all.length - place);
                tail.add(all, place, piece);
                place += piece;
            }
            assertThat(tail.bytes()).isEqualTo(Arrays.copyOfRange(all, Math.max(0, all.length - keeps), all.length));
        }
    }

    @Test
    void bytes_moreThanItKeeps_areAsManyAsItKeeps() {
        Tail tail = new Tail(4);
        tail.add(new byte[] {1, 2, 3}, 0, 3);
        assertThat(tail.bytes()).containsExactly(1, 2, 3);
        tail.add(new byte[] {0, 4, 5, 0}, 1, 2);
        assertThat(tail.bytes()).containsExactly(2, 3, 4, 5);
        tail.add(new byte[] {6, 7, 8, 9, 10, 11}, 0, 6);
        assertThat(tail.bytes()).containsExactly(8, 9, 10, 11);
    }
}
