using System.Collections.Generic;
using System.Net;

namespace MeshIoT.Node;

/// <summary>This node in a <see cref="NodeStatus"/>.</summary>
/// <param name="Name">Full name in the tailnet without the trailing dot; empty before the first netmap.</param>
/// <param name="HostName">The name it asked for.</param>
/// <param name="Addresses">Its tailnet addresses, IPv4 first.</param>
/// <param name="NodeKey">Its public key in text form, "nodekey:…"; empty before the first login.</param>
/// <param name="Tags">What the coordinator made it.</param>
public sealed record SelfStatus(
    string Name, string HostName, IReadOnlyList<IPAddress> Addresses, string NodeKey, IReadOnlyList<string> Tags);
