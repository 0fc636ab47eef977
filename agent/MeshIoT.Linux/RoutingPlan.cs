namespace MeshIoT.Linux;

/// <summary>
/// Where the tailnet's routes live and how our own datagrams get round them: Tailscale's numbers, so that habits and
/// documents about them stay true. data-plane.md section 6.2.
/// </summary>
public static class RoutingPlan
{
    /// <summary>The routing table of the tailnet.</summary>
    public const int Table = 52;

    /// <summary>Mark on our own datagrams.</summary>
    public const uint BypassMark = 0x80000;

    /// <summary>The bits of a packet's mark that are looked at.</summary>
    public const uint BypassMask = 0xff0000;

    /// <summary>Rule: our own datagrams use the main table.</summary>
    public const int BypassMainPriority = 5210;

    /// <summary>Rule: then the default table.</summary>
    public const int BypassDefaultPriority = 5230;

    /// <summary>Rule: and never the tunnel.</summary>
    public const int BypassEndPriority = 5250;

    /// <summary>Rule: everything else may use the tailnet's table.</summary>
    public const int TailnetPriority = 5270;

    internal const int MainTable = 254, DefaultTable = 253;
}
