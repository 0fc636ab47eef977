using System;

namespace MeshIoT.Linux.Watch;

/// <summary>What a notice of the kernel may have changed.</summary>
[Flags]
enum LinkNews
{
    /// <summary>Nothing that concerns us.</summary>
    None = 0,

    /// <summary>Addresses, default routes or carriers: look at the machine's network again.</summary>
    Network = 1,

    /// <summary>Somebody took away a rule or a route of the tailnet.</summary>
    Disturbed = 2,
}
