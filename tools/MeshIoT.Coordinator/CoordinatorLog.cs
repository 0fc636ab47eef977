using System;
using System.Net;
using MeshIoT.Health;
using Microsoft.Extensions.Logging;

namespace MeshIoT.Coordinator;

/// <summary>Everything the coordinator says, one line an event. Keys appear in their short public form only.</summary>
internal sealed partial class CoordinatorLog(ILogger logger)
{
    [LoggerMessage(1, LogLevel.Information, "node {Id} {Name} {Kind} at {Address} from {Remote}")]
    public partial void Registered(long id, string name, RegistrationKind kind, IPAddress address, string remote);

    [LoggerMessage(2, LogLevel.Warning, "machine {Machine} from {Remote} was refused: {Code}")]
    public partial void Refused(string machine, string remote, string code);

    [LoggerMessage(3, LogLevel.Information, "node {Id} opened its map stream, version {Version}, from {Remote}")]
    public partial void StreamOpened(long id, int version, string remote);

    [LoggerMessage(4, LogLevel.Information, "node {Id} closed its map stream")]
    public partial void StreamClosed(long id);

    [LoggerMessage(5, LogLevel.Warning, "handshake from {Remote} failed: {Reason}")]
    public partial void HandshakeFailed(string remote, string reason);

    [LoggerMessage(6, LogLevel.Warning, "turned away {Remote}: {Reason}")]
    public partial void TurnedAway(string remote, string reason);

    [LoggerMessage(7, LogLevel.Information, "auth key {Id} created, {Kind}, until {Expires:O}")]
    public partial void AuthKeyCreated(long id, string kind, DateTimeOffset expires);

    [LoggerMessage(8, LogLevel.Information, "auth key {Id} revoked")]
    public partial void AuthKeyRevoked(long id);

    [LoggerMessage(9, LogLevel.Information, "node {Id} {Name} removed: {Reason}")]
    public partial void NodeRemoved(long id, string name, string reason);

    [LoggerMessage(10, LogLevel.Warning, "{Path} can be read by others than its owner; chmod 0700 would keep the server key to itself")]
    public partial void StateOpenToOthers(string path);

    [LoggerMessage(11, LogLevel.Error, "{Report}")]
    public partial void Fault(FaultReport report);

    [LoggerMessage(12, LogLevel.Error, "{Method} {Path} failed: {Reason}")]
    public partial void RequestFailed(string method, string path, string reason);

    [LoggerMessage(13, LogLevel.Information, "stopping")]
    public partial void Stopping();

    [LoggerMessage(14, LogLevel.Warning, "plain http to {Host}: Tailscale clients keep to https for such a name and may not come back; put TLS in front, or use a private address")]
    public partial void PlainHttpToPublicName(string host);

    [LoggerMessage(15, LogLevel.Information, "machine {Machine}, {Name}, from {Remote} waits for a person to let it in")]
    public partial void LoginWaits(string machine, string name, string remote);

    [LoggerMessage(16, LogLevel.Debug, "relay {Code} (region {Id}) at {Host}, TLS on {Listening}, STUN on UDP port {Stun}, certificate {Certificate}")]
    public partial void RelayListens(string code, int id, string host, IPEndPoint listening, string stun, string certificate);

    [LoggerMessage(17, LogLevel.Warning, "the relay's port {Wanted} is taken, {Got} is used instead; say --relay-listen and --relay-stun for fixed ones")]
    public partial void RelayPortTaken(int wanted, int got);

    [LoggerMessage(18, LogLevel.Warning, "nodes are not told of the relay: no address of this machine is known that they could reach; say --relay-host")]
    public partial void RelayHasNoHost();

    [LoggerMessage(19, LogLevel.Information, "relay: {Line}")]
    public partial void RelaySays(string line);

    [LoggerMessage(20, LogLevel.Warning, "relay: {Line}")]
    public partial void RelayWarns(string line);

    [LoggerMessage(21, LogLevel.Information, "node {Id} may not take part any more: {Count} of its connections to the relay were closed")]
    public partial void RelayRevoked(long id, int count);
}
