namespace MeshIoT.Filter;

/// <summary>IP protocol numbers the filter knows by name. IANA "Protocol Numbers"; TSMP is data-plane.md section 7.4.</summary>
internal static class IPProtocol
{
    public const byte IcmpV4 = 1, Tcp = 6, Udp = 17, FragmentV6 = 44, IcmpV6 = 58, Tsmp = 99, Sctp = 132;

    /// <summary>Hop-by-hop, routing, fragment, ESP, authentication, destination options, mobility, HIP, shim6 and the two experimental numbers.</summary>
    public static bool IsExtensionV6(byte protocol) => protocol is 0 or 43 or FragmentV6 or 50 or 51 or 60 or 135 or 139 or 140 or 253 or 254;
}
