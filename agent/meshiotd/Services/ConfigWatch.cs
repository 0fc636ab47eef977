using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using MeshIoT.Agent.Configuration;
using MeshIoT.Health;

namespace MeshIoT.Agent.Services;

/// <summary>
/// Has the sections of meshiot.toml read again when the file changes (inotify: nothing wakes up meanwhile) and on SIGHUP. A file that cannot be used
/// changes nothing: the fault is on the health board and in the log until the file is right.
/// </summary>
internal sealed class ConfigWatch : IDisposable
{
    /// <summary>Editors write a file in several steps.</summary>
    static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(300);

    readonly string path;
    readonly string? given;
    readonly Action<GatewaySections> use;
    readonly FaultBoard<string> health;
    readonly FileSystemWatcher? watcher;
    readonly Timer timer;
    readonly PosixSignalRegistration hangUp;
    readonly Lock gate = new();

    /// <param name="path">The file that --config names; null: the default one.</param>
    /// <param name="use">Takes the new sections; may throw a fault.</param>
    /// <param name="health">Where a fault is shown.</param>
    public ConfigWatch(string? path, Action<GatewaySections> use, FaultBoard<string> health)
    {
        (given, this.path, this.use, this.health) = (path, Path.GetFullPath(path ?? ConfigFile.DefaultPath), use, health);
        timer = new Timer(_ => Reload(), null, Timeout.Infinite, Timeout.Infinite);
        hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            Soon();
        });
        string directory = Path.GetDirectoryName(this.path)!;
        if (Directory.Exists(directory))
        {
            watcher = new FileSystemWatcher(directory, Path.GetFileName(this.path));
            watcher.Changed += (_, _) => Soon();
            watcher.Created += (_, _) => Soon();
            watcher.Renamed += (_, _) => Soon();
            watcher.EnableRaisingEvents = true;
        }
    }

    public void Dispose()
    {
        hangUp.Dispose();
        watcher?.Dispose();
        timer.Dispose();
    }

    void Soon() => timer.Change(Settle, Timeout.InfiniteTimeSpan);

    void Reload()
    {
        lock (gate)
        {
            try
            {
                ConfigTable root = ConfigFile.Read(given);
                SettingsFile.Of(root);
                use(GatewaySections.From(root));
                health.Clear("config");
                Log.Info($"{path} read again");
            }
            catch (FaultException e)
            {
                health.Set("config", e.Report);
                Log.Error($"{e.Report} What runs goes on as it is.");
            }
        }
    }
}
