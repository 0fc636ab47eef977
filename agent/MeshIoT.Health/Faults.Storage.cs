namespace MeshIoT.Health;

/// <summary>Faults of what a gateway keeps on its disk: history and spool.</summary>
public static partial class Faults
{
    /// <summary>A database that does not read as one. {0} file, {1} what was seen, {2} where it is now.</summary>
    public static readonly Fault StorageSetAside = new(
        "storage-set-aside", Severity.Medium, ExitCodes.Failed,
        "The file {0} could not be read: {1}. It was put aside as {2} and a new one was begun.",
        "Look at the health of the card or disk; delete the file that was put aside if nobody needs it.");

    /// <summary>The disk has no room. {0} file.</summary>
    public static readonly Fault StorageFull = new(
        "storage-full", Severity.Medium, ExitCodes.Failed,
        "There is no room left on the disk for {0}: the oldest entries are dropped.",
        "Free some space; it goes on by itself.");

    /// <summary>A file cannot be opened or written. {0} file, {1} why.</summary>
    public static readonly Fault StorageUnusable = new(
        "storage-unusable", Severity.Medium, ExitCodes.Failed,
        "{0} cannot be written: {1}. What comes now is kept in memory only.",
        "Look at the rights of the state directory and at the health of its disk; it is tried again by itself.");

    /// <summary>Messages were dropped before all their receivers had them. {0} how many since the start, {1} which limit.</summary>
    public static readonly Fault SpoolOverflow = new(
        "spool-overflow", Severity.Medium, ExitCodes.Failed,
        "{0} messages that waited for a connection were dropped, the oldest first: {1}.",
        "Bring the connection back, or raise max_bytes and max_age in [spool].");

    /// <summary>History was asked for where none is kept.</summary>
    public static readonly Fault HistoryOff = new(
        "history-off", Severity.Low, ExitCodes.NotFound,
        "This gateway keeps no history.",
        "Leave enabled = false out of [history] in its meshiot.toml.");

    /// <summary>Readings came faster than they could be stored. {0} how many since the start.</summary>
    public static readonly Fault HistoryBehind = new(
        "history-behind", Severity.Medium, ExitCodes.Failed,
        "The disk is too slow for the history: {0} readings were left out.",
        "Sample less often, or use report_on_change; look at the health of the card or disk.");
}
