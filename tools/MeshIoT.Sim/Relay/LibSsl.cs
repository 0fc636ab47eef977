using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace MeshIoT.Sim;

/// <summary>OpenSSL's client side, bound directly: the load must cost little beside what it measures.</summary>
internal static unsafe partial class LibSsl
{
    const string Ssl = "libssl.so.3";

    [LibraryImport(Ssl)]
    internal static partial nint TLS_client_method();

    [LibraryImport(Ssl)]
    internal static partial nint SSL_CTX_new(nint method);

    [LibraryImport(Ssl)]
    internal static partial nint SSL_CTX_ctrl(nint context, int command, nint argument, nint pointer);

    [LibraryImport(Ssl)]
    internal static partial void SSL_CTX_set_default_read_buffer_len(nint context, nuint length);

    [LibraryImport(Ssl)]
    internal static partial void SSL_CTX_set_cert_verify_callback(nint context, delegate* unmanaged[Cdecl]<nint, nint, int> judge, nint argument);

    [LibraryImport(Ssl)]
    internal static partial nint SSL_new(nint context);

    [LibraryImport(Ssl)]
    internal static partial void SSL_free(nint ssl);

    [LibraryImport(Ssl)]
    internal static partial int SSL_set_fd(nint ssl, int descriptor);

    [LibraryImport(Ssl)]
    internal static partial int SSL_connect(nint ssl);

    [LibraryImport(Ssl)]
    internal static partial int SSL_read(nint ssl, byte* buffer, int length);

    [LibraryImport(Ssl)]
    internal static partial int SSL_write(nint ssl, byte* buffer, int length);

    internal const int ControlMode = 33, ControlReadAhead = 41;
    internal const nint ModeReleaseBuffers = 0x10;
}
