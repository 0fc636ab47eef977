using System;
using System.IO;
using System.Net.Sockets;
using System.Security.Authentication;
using MeshIoT.Health;

namespace MeshIoT.Derp;

/// <summary>Turns what goes wrong on the way to one relay into faults a person understands. Never quotes an exception's message.</summary>
internal static class RelayFaults
{
    /// <summary>Of whatever the network stack threw; <paramref name="relay"/> is region and host.</summary>
    public static FaultReport From(Exception e, string relay)
    {
        for (Exception? inner = e; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case FaultException known:
                    return known.Report;
                case SocketException socket:
                    return FromSocket(socket.SocketErrorCode, relay);
                case AuthenticationException:
                    return Faults.NotARelay.With(relay, "it does not speak TLS as expected");
                default:
                    break;
            }
        }

        return e is IOException or ObjectDisposedException ? Faults.RelayConnectionLost.With(relay) : Faults.RelayUnreachable.With(relay, "the connection failed");
    }

    static FaultReport FromSocket(SocketError error, string relay) => error switch
    {
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => Faults.RelayNameUnknown.With(relay),
        SocketError.ConnectionRefused => Faults.RelayUnreachable.With(relay, "connection refused"),
        SocketError.NetworkUnreachable or SocketError.HostUnreachable or SocketError.NetworkDown or SocketError.HostDown => Faults.RelayUnreachable.With(relay, "no route to it"),
        SocketError.TimedOut => Faults.RelayUnreachable.With(relay, "no answer"),
        SocketError.AccessDenied => Faults.RelayUnreachable.With(relay, "this system does not allow it"),
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown => Faults.RelayConnectionLost.With(relay),
        _ => Faults.RelayUnreachable.With(relay, "the network said " + error),
    };
}
