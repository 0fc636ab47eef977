using System;
using System.IO;

namespace MeshIoT.Sensors.Tests;

/// <summary>A throw-away root with the /proc and /sys files a test wants.</summary>
internal sealed class FakeTree : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("meshiot-sysfs").FullName;

    public FakeTree Put(string path, string text)
    {
        string full = Root + path;
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return this;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
