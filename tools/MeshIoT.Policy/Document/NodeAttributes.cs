namespace MeshIoT.Policy.Document;

/// <summary>Attributes that mean something to the compiler itself.</summary>
internal static class NodeAttributes
{
    /// <summary>The node has no IPv4 in the tailnet: neither in what it sees nor in what others see of it.</summary>
    public const string DisableIPv4 = "disable-ipv4";

    /// <summary>Clients may propose the node as exit; told to peers of every node whose exit routes are approved.</summary>
    public const string SuggestExitNode = "suggest-exit-node";

    /// <summary>The node may publish to the Internet; clients also look for the ports they may publish.</summary>
    public const string Funnel = "funnel", FunnelPorts = "https://tailscale.com/cap/funnel-ports?ports=443,8443,10000";
}
