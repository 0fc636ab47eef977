using System;
using System.Globalization;
using System.IO;
using System.Net.Http;
using System.Net.Sockets;
using System.Security.Authentication;
using MeshIoT.Crypto;
using MeshIoT.Health;

namespace MeshIoT.Control;

/// <summary>Turns what goes wrong on the way to one coordinator into faults a person understands. Never quotes an exception's message.</summary>
internal sealed class ConnectFaults(Uri server, TimeProvider time)
{
    /// <summary>No build of this program is older; a clock that says so is wrong.</summary>
    static readonly DateTimeOffset EarliestNow = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Scheme, host and port, as the person knows it.</summary>
    public string Server { get; } = server.GetLeftPart(UriPartial.Authority);

    public FaultException Unreachable(string why, Exception? cause = null) => Faults.CoordinatorUnreachable.With(Server, why).ToException(cause);

    public FaultException NotACoordinator(string why) => Faults.NotACoordinator.With(Server, why).ToException();

    public FaultException Protocol(string why, Exception? cause = null) => Faults.CoordinatorProtocol.With(Server, why).ToException(cause);

    public FaultException KeyNotProved(MachinePublicKey expected) => Faults.ServerKeyNotProved.With(Server, expected.ShortString()).ToException();

    public FaultException Lost(Exception cause) => Faults.CoordinatorConnectionLost.With(Server).ToException(cause);

    /// <summary>A certificate that does not hold; with a clock in the past, that is why.</summary>
    public FaultException Certificate(Exception cause)
    {
        DateTimeOffset now = time.GetUtcNow();
        return now < EarliestNow
            ? Faults.ClockWrong.With(now.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), Server).ToException(cause)
            : Faults.CoordinatorCertificate.With(Server).ToException(cause);
    }

    /// <summary>From whatever the network stack threw.</summary>
    public FaultException From(Exception e)
    {
        for (Exception? inner = e; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case FaultException known:
                    return known;
                case AuthenticationException:
                    return Certificate(e);
                case NoiseException { Fault: NoiseFault.BadRecord or NoiseFault.RecordNotGenuine or NoiseFault.EarlyPayloadTooLong }:
                    return Protocol("its encrypted records do not hold together", e);
                case SocketException socket:
                    return FromSocket(socket, e);
                case HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError }:
                    return Faults.CoordinatorNameUnknown.With(server.DnsSafeHost).ToException(e);
                case HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError }:
                    return NotACoordinator("it does not speak HTTP as expected");
                default:
                    break;
            }
        }

        return e is IOException or HttpRequestException ? Lost(e) : Unreachable("the connection failed", e);
    }

    FaultException FromSocket(SocketException socket, Exception cause) => socket.SocketErrorCode switch
    {
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => Faults.CoordinatorNameUnknown.With(server.DnsSafeHost).ToException(cause),
        SocketError.ConnectionRefused => Unreachable("connection refused", cause),
        SocketError.NetworkUnreachable or SocketError.HostUnreachable or SocketError.NetworkDown or SocketError.HostDown => Unreachable("no route to it", cause),
        SocketError.TimedOut => Unreachable("no answer", cause),
        SocketError.AccessDenied => Unreachable("this system does not allow it", cause),
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown => Lost(cause),
        _ => Unreachable("the network said " + socket.SocketErrorCode, cause),
    };
}
