using System;
using System.IO;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;

namespace MeshIoT.Web;

/// <summary>A listening unix socket that only its owner (and group) may open. A stale file is replaced, a live one is not.</summary>
public sealed class UnixListener : IDisposable
{
    readonly Socket socket;
    readonly string path;

    UnixListener(Socket socket, string path) => (this.socket, this.path) = (socket, path);

    /// <summary>Listens at <paramref name="path"/>, making its directory (0755 under /run, else 0700) if it is missing.</summary>
    /// <exception cref="FaultException">The path cannot be used, or another program answers there.</exception>
    public static UnixListener Open(string path)
    {
        try
        {
            string directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
            if (!Directory.Exists(directory))
            {
                const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
                const UnixFileMode All = Owner | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
                Directory.CreateDirectory(directory, directory.StartsWith("/run/", StringComparison.Ordinal) && Environment.IsPrivilegedProcess ? All : Owner);
            }

            if (File.Exists(path))
            {
                RemoveStale(path);
            }

            Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Bind(new UnixDomainSocketEndPoint(path));
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
            socket.Listen(16);
            return new UnixListener(socket, path);
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Faults.SocketUnusable.With(path, e.Message).ToException(e);
        }
    }

    static void RemoveStale(string path)
    {
        using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return;
        }

        throw Faults.SocketTaken.With(path).ToException();
    }

    /// <summary>The next connection.</summary>
    public async ValueTask<Stream?> AcceptAsync(CancellationToken ct) =>
        new NetworkStream(await socket.AcceptAsync(ct).ConfigureAwait(false), ownsSocket: true);

    /// <summary>Stops listening and removes the file.</summary>
    public void Dispose()
    {
        socket.Dispose();
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A file that stays is found stale at the next start.
        }
    }
}
