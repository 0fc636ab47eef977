namespace MeshIoT.WireGuard;

/// <summary>One prefix of the trie, or a point where two prefixes part (no peer). IPv4 uses the first word only.</summary>
internal sealed class AllowedIPsNode
{
    readonly uint mask0, mask1, mask2, mask3;
    readonly uint word0, word1, word2, word3;

    public AllowedIPsNode(uint[] address, int length, WireGuardPeer? peer)
    {
        Length = length;
        Peer = peer;
        mask0 = MaskOf(length);
        mask1 = MaskOf(length - 32);
        mask2 = MaskOf(length - 64);
        mask3 = MaskOf(length - 96);
        word0 = address[0] & mask0;
        word1 = address[1] & mask1;
        word2 = address[2] & mask2;
        word3 = address[3] & mask3;
        Words = new uint[] { word0, word1, word2, word3 };
    }

    public int Length { get; }

    /// <summary>The prefix, zeros after its length.</summary>
    public uint[] Words { get; }

    public WireGuardPeer? Peer;
    public AllowedIPsNode? Zero;
    public AllowedIPsNode? One;

    public bool Covers(uint[] address) =>
        (((address[0] & mask0) ^ word0) | ((address[1] & mask1) ^ word1) | ((address[2] & mask2) ^ word2) | ((address[3] & mask3) ^ word3)) == 0;

    public AllowedIPsNode? ChildFor(uint[] address) => BitAfter(address) ? One : Zero;

    public void SetChildFor(AllowedIPsNode child)
    {
        if (BitAfter(child.Words))
        {
            One = child;
        }
        else
        {
            Zero = child;
        }
    }

    /// <summary>How many leading bits two prefixes share, at most the shorter one's length.</summary>
    public static int CommonLength(AllowedIPsNode a, AllowedIPsNode b)
    {
        int limit = a.Length < b.Length ? a.Length : b.Length;
        int common = 0;
        while (common < limit && Bit(a.Words, common) == Bit(b.Words, common))
        {
            common++;
        }

        return common;
    }

    bool BitAfter(uint[] address) => Bit(address, Length);

    static bool Bit(uint[] words, int index) => ((words[index >> 5] >> (31 - (index & 31))) & 1) != 0;

    static uint MaskOf(int length) => length <= 0 ? 0 : length >= 32 ? uint.MaxValue : uint.MaxValue << (32 - length);
}
