using System.Net;

namespace MeshIoT.NetStack.Tests;

internal static class Addresses
{
    public static readonly byte[] Left4 = Of("100.64.0.1"), Right4 = Of("100.64.0.2"), Stranger4 = Of("100.64.0.9");
    public static readonly byte[] Left6 = Of("fd7a:115c:a1e0::1"), Right6 = Of("fd7a:115c:a1e0::2"), Stranger6 = Of("fd7a:115c:a1e0::9");

    public static byte[] Of(string text) => IPAddress.Parse(text).GetAddressBytes();
}
