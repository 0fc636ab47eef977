using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using MeshIoT.Health;
using MeshIoT.Linux.Files;

namespace MeshIoT.Sensors;

/// <summary>
/// What outputs were commanded to, in a file that is the old one or the new one whenever the power goes. A file that cannot be understood counts as empty,
/// and the outputs begin at their safe values.
/// </summary>
/// <param name="path">The file; its directory exists when something is saved.</param>
public sealed class OutputFile(string path) : IOutputMemory
{
    const int LargestFile = 256 * 1024;

    /// <inheritdoc/>
    public IReadOnlyList<SavedOutput> Load()
    {
        try
        {
            if (!File.Exists(path) || new FileInfo(path).Length > LargestFile)
            {
                return [];
            }

            List<SavedOutput> found = [];
            foreach (SavedOutput? output in JsonSerializer.Deserialize(File.ReadAllBytes(path), OutputFileJson.Default.SavedOutputArray) ?? [])
            {
                if (output is { Id: not null } && double.IsFinite(output.Value))
                {
                    found.Add(output);
                }
            }

            return found;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return [];
        }
    }

    /// <inheritdoc/>
    public FaultReport? Save(IReadOnlyList<SavedOutput> outputs)
    {
        try
        {
            AtomicFile.Replace(path, 0, file => file.Write(JsonSerializer.SerializeToUtf8Bytes([.. outputs], OutputFileJson.Default.SavedOutputArray)));
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Faults.OutputsNotKept.With(path, e.Message.TrimEnd('.'));
        }
    }
}
