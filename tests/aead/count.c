/* Seals one packet of argv[1] bytes argv[2] times, by the arm64 code that native programs link; tests/aead/count.sh counts the
   instructions. In C, so that nothing but the code itself runs between two counts. */
#include <stdint.h>
#include <stdlib.h>

void meshiot_seal128(uint32_t *key, uint64_t nonce, uint8_t *text, uint8_t *output, intptr_t length);

static uint32_t key[8];
static _Alignas(64) uint8_t packet[2048];

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    long length = atol(argv[1]);
    for (long times = atol(argv[2]); times > 0; times--)
        meshiot_seal128(key, 1, packet, packet, length);
    return 0;
}
