using System;
using System.Runtime.InteropServices;

namespace MeshIoT.Crypto;

/// <summary>
/// Looks for OpenSSL before the first TLS handshake: without it the runtime ends the whole process, and nothing can catch that.
/// </summary>
public static class TlsLibrary
{
    static readonly Lazy<bool> Found = new(static () => !OperatingSystem.IsLinux() || TryLoad("libssl.so.3") || TryLoad("libssl.so.1.1") || TryLoad("libssl.so"));

    /// <summary>Whether TLS can be spoken on this machine. The first call loads the library.</summary>
    public static bool IsPresent => Found.Value;

    static bool TryLoad(string name) => NativeLibrary.TryLoad(name, out _);
}
