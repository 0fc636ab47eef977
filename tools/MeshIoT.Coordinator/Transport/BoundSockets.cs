using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using MeshIoT.Health;

namespace MeshIoT.Coordinator;

/// <summary>Binds the listening sockets, with a clear word about what is in the way.</summary>
internal static class BoundSockets
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    const UnixFileMode OwnerOnlyDirectory = OwnerOnly | UnixFileMode.UserExecute;
    const UnixFileMode ReadableDirectory = OwnerOnlyDirectory | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    // Linux: tcp(7). A node whose machine is gone must not stay online until TCP gives up by itself, a quarter of an hour later.
    const int TcpLevel = 6, TcpUserTimeout = 18, UserTimeoutMs = 90_000;

    /// <summary>A socket bound to <paramref name="endpoint"/>.</summary>
    /// <exception cref="FaultException">It is taken, or may not be bound.</exception>
    public static Socket Bind(EndPoint endpoint) => endpoint switch
    {
        UnixDomainSocketEndPoint => BindUnix(endpoint.ToString()!),
        IPEndPoint ip => BindTcp(ip),
        _ => throw new NotSupportedException(),
    };

    static Socket BindTcp(IPEndPoint endpoint)
    {
        Socket socket = new(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endpoint.AddressFamily == AddressFamily.InterNetworkV6 && endpoint.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.NoDelay = true;
            socket.SetRawSocketOption(TcpLevel, TcpUserTimeout, BitConverter.GetBytes(UserTimeoutMs));
            socket.Bind(endpoint);
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw (e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => Faults.ListenAddressInUse.With(endpoint),
                SocketError.AccessDenied => Faults.ListenFailed.With(endpoint, "no permission"),
                SocketError.AddressNotAvailable => Faults.ListenFailed.With(endpoint, "this machine does not have that address"),
                _ => Faults.ListenFailed.With(endpoint, e.SocketErrorCode),
            }).ToException(e);
        }
    }

    static Socket BindUnix(string path)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            MakeDirectory(path);
            RemoveStale(path);
            socket.Bind(new UnixDomainSocketEndPoint(path));

            // Before it listens nobody can connect: the mode is right from the first connection on.
            File.SetUnixFileMode(path, OwnerOnly);
            return socket;
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            socket.Dispose();
            throw Faults.AdminSocketFailed.With(path, e switch
            {
                ArgumentException => "its path is longer than a socket's may be (107 bytes)",
                UnauthorizedAccessException or SocketException { SocketErrorCode: SocketError.AccessDenied } => "no permission",
                SocketException s => s.SocketErrorCode.ToString(),
                _ => "its directory cannot be made",
            }).ToException(e);
        }
    }

    static void MakeDirectory(string path)
    {
        string directory = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(directory))
        {
            Directory.CreateDirectory(directory, Environment.IsPrivilegedProcess ? ReadableDirectory : OwnerOnlyDirectory);
        }
        else if ((File.GetUnixFileMode(directory) & (UnixFileMode.OtherWrite | UnixFileMode.StickyBit)) == UnixFileMode.OtherWrite)
        {
            throw Faults.AdminSocketFailed.With(path, "everybody may write to its directory").ToException();
        }
    }

    // A socket file outlives a process that was killed. One that still answers belongs to somebody.
    static void RemoveStale(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

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

        throw Faults.AdminSocketFailed.With(path, "another program answers there").ToException();
    }
}
