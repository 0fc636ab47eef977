using System;

namespace MeshIoT.Disco;

/// <summary>Which endpoints a peer may name: those that a single other machine can have.</summary>
internal static class EndpointCheck
{
    /// <summary>Not the relays' own, no multicast, no broadcast, no "any", nothing link-local, no port 0.</summary>
    public static bool IsWorthAPing(ReadOnlySpan<byte> endpoint18)
    {
        if ((endpoint18[16] | endpoint18[17]) == 0 || RelayEndpoint.Is(endpoint18))
        {
            return false;
        }

        bool isV4 = endpoint18[..10].IndexOfAnyExcept((byte)0) < 0 && endpoint18[10] == 0xff && endpoint18[11] == 0xff;
        return isV4
            ? endpoint18[12] is not 0 and < 224 && !(endpoint18[12] == 169 && endpoint18[13] == 254)
            : endpoint18[0] != 0xff && !(endpoint18[0] == 0xfe && (endpoint18[1] & 0xc0) == 0x80) && endpoint18[..16].IndexOfAnyExcept((byte)0) >= 0;
    }
}
