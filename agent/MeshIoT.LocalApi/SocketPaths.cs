using System;
using System.IO;

namespace MeshIoT.LocalApi;

/// <summary>Where programs on one machine find each other.</summary>
public static class SocketPaths
{
    /// <summary>
    /// The agent's socket: <c>MESHIOT_SOCKET</c>, else <c>/run/meshiot/meshiotd.sock</c> for root (and for everybody when it
    /// exists), else <c>$XDG_RUNTIME_DIR/meshiot/meshiotd.sock</c>.
    /// </summary>
    public static string Agent() => Choose("MESHIOT_SOCKET", "meshiotd.sock");

    /// <summary>The coordinator's administration socket, found the same way with <c>MESHIOT_COORDINATOR_SOCKET</c>.</summary>
    public static string Coordinator() => Choose("MESHIOT_COORDINATOR_SOCKET", "coordinator.sock");

    static string Choose(string variable, string file)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given)
        {
            return given;
        }

        string system = "/run/meshiot/" + file;
        string? runtime = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        bool root = Environment.IsPrivilegedProcess;
        return root || File.Exists(system) || string.IsNullOrEmpty(runtime)
            ? root || File.Exists(system) ? system : Path.Combine(Path.GetTempPath(), "meshiot-" + Environment.UserName, file)
            : Path.Combine(runtime, "meshiot", file);
    }
}
