using MeshIoT.Tailcfg;

namespace MeshIoT.Coordinator;

/// <summary>The two owners that nodes have: the tailnet's one user, and the pseudo user under which every client shows tagged nodes.</summary>
internal sealed class Owner(long id, string loginName, string displayName)
{
    const long UserId = 1;

    /// <summary>The number that Headscale uses, so that clients show the same name.</summary>
    const long TaggedDevicesId = 2147455555;

    public static Owner TaggedDevices { get; } = new(TaggedDevicesId, "tagged-devices", "Tagged Devices");

    public long Id => id;

    public static Owner User(string baseDomain) => new(UserId, "owner@" + baseDomain, "Owner");

    public User ToUser() => new() { ID = id, DisplayName = displayName };

    public Login ToLogin() => new() { ID = id, LoginName = loginName, DisplayName = displayName };

    public UserProfile ToProfile() => new() { ID = id, LoginName = loginName, DisplayName = displayName };
}
