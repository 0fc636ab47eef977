using System.Collections.Generic;

namespace MeshIoT.Sensors;

/// <summary>One of the values of a device that an entry describes.</summary>
/// <param name="Key">The last part of its id where the device has several; most often the quantity.</param>
/// <param name="Quantity">What is measured, in Home Assistant's words.</param>
/// <param name="Unit">Its unit; empty: none.</param>
/// <param name="Decimals">Decimals worth showing.</param>
public readonly record struct EntryChannel(string Key, string Quantity, string Unit, int Decimals = 2)
{
    /// <summary>Describes the values of an entry: the entry's id for one, <c>ID.KEY</c> for several.</summary>
    public static IReadOnlyList<SensorDescription> Describe(SensorEntry entry, IReadOnlyList<EntryChannel> channels)
    {
        string name = entry.Name.Length > 0 ? entry.Name : entry.Id;
        SensorDescription[] all = new SensorDescription[channels.Count];
        for (int i = 0; i < all.Length; i++)
        {
            EntryChannel channel = channels[i];
            bool one = all.Length == 1;
            all[i] = new SensorDescription(one ? entry.Id : $"{entry.Id}.{channel.Key}", one ? name : $"{name} {channel.Key.Replace('_', ' ')}", entry.Driver, channel.Quantity, channel.Unit)
            {
                Device = entry.Id, Room = entry.Room, Decimals = channel.Decimals,
            };
        }

        return all;
    }
}
