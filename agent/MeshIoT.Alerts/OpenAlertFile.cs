using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using System.Text.Json.Serialization;
using MeshIoT.Linux.Files;

namespace MeshIoT.Alerts;

/// <summary>Keeps the open alerts over a restart: one small file, written when the list differs.</summary>
public sealed class OpenAlertFile(string path)
{
    const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>What was kept; nothing when there is no file, or it cannot be understood: then people hear once more.</summary>
    public IReadOnlyList<OpenAlert> Read()
    {
        try
        {
            return !File.Exists(path) || new FileInfo(path).Length > MaxBytes ? []
                : JsonSerializer.Deserialize(File.ReadAllBytes(path), AlertJson.Default.IReadOnlyListOpenAlert) ?? [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return [];
        }
    }

    /// <summary>Keeps these; false when the disk refuses: then people hear once more after a restart.</summary>
    public bool Write(IReadOnlyList<OpenAlert> open)
    {
        try
        {
            AtomicFile.Replace(path, 4096, file => JsonSerializer.Serialize(file, open, AlertJson.Default.IReadOnlyListOpenAlert));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
