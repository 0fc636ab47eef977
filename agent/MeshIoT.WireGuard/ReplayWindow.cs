namespace MeshIoT.WireGuard;

/// <summary>
/// Remembers which counters of a session have arrived, after RFC 6479.
///
/// <code>
///            too old    | window: a bit per counter  |  not yet seen
///   ...  0  1  2  3  4  |  5  6  7  8  9  10  11  12 |  13  14 ...
///                          x     x  x     x       x
///                                                 `- highest
/// </code>
///
/// The bits lie in a ring of 32-bit words, counter c in word (c / 32) modulo the ring. When the highest counter enters a new word, that
/// word is cleared, so the window never shifts a bit; the price is one word that is only partly used, which is why the ring has at
/// least 32 bits more than the window.
///
/// Most links deliver in order. As long as counters arrive without a gap, "everything below <c>next</c> was seen" says it all and there
/// is no ring; the first gap creates it. A peer that only ever sees orderly traffic costs a few bytes instead of a kibibyte per session.
/// </summary>
internal sealed class ReplayWindow
{
    readonly int size;

    /// <summary>One more than the highest counter seen.</summary>
    ulong next;

    uint[]? ring;

    /// <summary>A window of <paramref name="size"/> packets.</summary>
    public ReplayWindow(int size) => this.size = size;

    public bool HasRing => ring != null;

    /// <summary>True, once, for a counter that is new and not too old; call only after the packet proved authentic.</summary>
    public bool Accept(ulong counter)
    {
        if (counter >= next)
        {
            Advance(counter);
            return true;
        }

        // next - 1 is the highest counter seen; a distance of exactly the window's size is still inside.
        if (ring == null || next - 1 - counter > (ulong)size)
        {
            return false;
        }

        int word = (int)((counter >> 5) & (ulong)(ring.Length - 1));
        uint bit = 1u << (int)(counter & 31);
        bool isNew = (ring[word] & bit) == 0;
        ring[word] |= bit;
        return isNew;
    }

    void Advance(ulong counter)
    {
        if (ring == null)
        {
            if (counter == next)
            {
                next++;
                return;
            }

            CreateRing();
        }

        ulong mask = (ulong)(ring!.Length - 1);
        ulong from = next == 0 ? 0 : (next - 1) >> 5, to = counter >> 5;
        ulong words = to - from;
        if (words > (ulong)ring.Length)
        {
            words = (ulong)ring.Length;
        }

        for (ulong i = 0; i < words; i++)
        {
            ring[(int)((to - i) & mask)] = 0;
        }

        ring[(int)(to & mask)] |= 1u << (int)(counter & 31);
        next = counter + 1;
    }

    /// <summary>So far every counter below next was seen: all bits up to there are set, those above in the same word are not.</summary>
    void CreateRing()
    {
        int words = 2;
        while (words * 32 < size + 32)
        {
            words *= 2;
        }

        ring = new uint[words];
        if (next == 0)
        {
            return;
        }

        for (int i = 0; i < words; i++)
        {
            ring[i] = uint.MaxValue;
        }

        int used = (int)((next - 1) & 31) + 1;
        ring[(int)(((next - 1) >> 5) & (ulong)(words - 1))] = used == 32 ? uint.MaxValue : (1u << used) - 1;
    }
}
