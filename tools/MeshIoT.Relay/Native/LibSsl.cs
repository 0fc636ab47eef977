using System.Runtime.InteropServices;

namespace MeshIoT.Relay;

/// <summary>
/// OpenSSL 3 bound directly. SslStream has no way to say SSL_MODE_RELEASE_BUFFERS and keeps memory BIOs of its own: an idle connection
/// through it costs several times as much (see README). Errors are read from return values; the thread's error queue is emptied after each.
/// </summary>
internal static unsafe partial class LibSsl
{
    const string Ssl = "libssl.so.3", Crypto = "libcrypto.so.3";

    [LibraryImport(Ssl)]
    internal static partial nint TLS_server_method();

    [LibraryImport(Ssl)]
    internal static partial nint SSL_CTX_new(nint method);

    [LibraryImport(Ssl)]
    internal static partial void SSL_CTX_free(nint context);

    [LibraryImport(Ssl)]
    internal static partial nint SSL_CTX_ctrl(nint context, int command, nint argument, nint pointer);

    [LibraryImport(Ssl)]
    internal static partial ulong SSL_CTX_set_options(nint context, ulong options);

    [LibraryImport(Ssl)]
    internal static partial int SSL_CTX_use_certificate_ASN1(nint context, int length, byte* der);

    [LibraryImport(Ssl)]
    internal static partial int SSL_CTX_use_PrivateKey_ASN1(int type, nint context, byte* der, nint length);

    [LibraryImport(Ssl)]
    internal static partial int SSL_CTX_check_private_key(nint context);

    [LibraryImport(Ssl)]
    internal static partial int SSL_CTX_set_ciphersuites(nint context, byte* list);

    [LibraryImport(Ssl)]
    internal static partial int SSL_CTX_set_num_tickets(nint context, nuint count);

    [LibraryImport(Ssl)]
    internal static partial nint SSL_new(nint context);

    [LibraryImport(Ssl)]
    internal static partial void SSL_free(nint ssl);

    [LibraryImport(Ssl)]
    internal static partial void SSL_set0_rbio(nint ssl, nint bio);

    [LibraryImport(Ssl)]
    internal static partial void SSL_set0_wbio(nint ssl, nint bio);

    [LibraryImport(Ssl)]
    internal static partial void SSL_set_accept_state(nint ssl);

    [LibraryImport(Ssl)]
    internal static partial int SSL_do_handshake(nint ssl);

    [LibraryImport(Ssl)]
    internal static partial int SSL_read(nint ssl, byte* buffer, int length);

    [LibraryImport(Ssl)]
    internal static partial int SSL_write(nint ssl, byte* buffer, int length);

    [LibraryImport(Ssl)]
    internal static partial int SSL_get_error(nint ssl, int result);

    [LibraryImport(Ssl)]
    internal static partial int SSL_shutdown(nint ssl);

    [LibraryImport(Crypto)]
    internal static partial void ERR_clear_error();

    [LibraryImport(Crypto)]
    internal static partial int BIO_get_new_index();

    [LibraryImport(Crypto)]
    internal static partial nint BIO_meth_new(int type, byte* name);

    [LibraryImport(Crypto)]
    internal static partial int BIO_meth_set_read(nint method, delegate* unmanaged[Cdecl]<nint, byte*, int, int> read);

    [LibraryImport(Crypto)]
    internal static partial int BIO_meth_set_ctrl(nint method, delegate* unmanaged[Cdecl]<nint, int, nint, nint, nint> control);

    [LibraryImport(Crypto)]
    internal static partial nint BIO_new(nint method);

    [LibraryImport(Crypto)]
    internal static partial nint BIO_new_socket(int descriptor, int close);

    [LibraryImport(Crypto)]
    internal static partial int BIO_up_ref(nint bio);

    [LibraryImport(Crypto)]
    internal static partial int BIO_free(nint bio);

    [LibraryImport(Crypto)]
    internal static partial void BIO_set_init(nint bio, int value);

    [LibraryImport(Crypto)]
    internal static partial void BIO_set_data(nint bio, void* data);

    [LibraryImport(Crypto)]
    internal static partial void* BIO_get_data(nint bio);

    [LibraryImport(Crypto)]
    internal static partial void BIO_set_flags(nint bio, int flags);

    [LibraryImport(Crypto)]
    internal static partial void BIO_clear_flags(nint bio, int flags);

    [LibraryImport(Crypto)]
    internal static partial nint d2i_X509(nint* keep, byte** der, nint length);

    [LibraryImport(Crypto)]
    internal static partial void X509_free(nint certificate);

    internal const int ErrorWantRead = 2, ErrorWantWrite = 3, ErrorZeroReturn = 6;
    internal const int ControlExtraChain = 14, ControlMode = 33, ControlSessionCache = 44, ControlMinProtocol = 123;
    internal const int BioFlush = 11, BioRead = 1, BioWrite = 2, BioRetry = 8, BioSourceSink = 0x400, BioNoClose = 0;
    internal const int Tls12 = 0x0303;
    internal const int KeyTypeRsa = 6, KeyTypeEc = 408;
    internal const nint ModePartialWrite = 1, ModeMovingBuffer = 2, ModeReleaseBuffers = 0x10;
    internal const ulong OptionIgnoreUnexpectedEof = 1UL << 7, OptionNoCompression = 1UL << 17, OptionPrioritizeChaCha = 1UL << 21, OptionServerPreference = 1UL << 22, OptionNoRenegotiation = 1UL << 30;
}
