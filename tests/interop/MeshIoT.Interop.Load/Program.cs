using System;
using System.Globalization;
using System.Net;
using MeshIoT.Interop.Load;

// tcp-receive ADDRESS:PORT                              takes one connection; {"bytes":…,"sha256":"…"}
// tcp-send ADDRESS:PORT MEGABYTES MBIT                  random bytes at that rate (0: as fast as it goes); the same
// udp-receive ADDRESS:PORT IDLE-SECONDS                 numbered datagrams until none comes for so long
// udp-send ADDRESS:PORT SIZE PER-SECOND SECONDS         numbered datagrams; PER-SECOND 0: as fast as it goes
// attack ADDRESS:PORT NODEKEY-HEX SECONDS [KINDS]       all that an attacker on the way may send, as fast as one thread can; KINDS: digits of
//                                                       0 noise, 1 recordings, 2 forgeries, 3 initiations, 4 responses and cookies
// Each ends with one line of JSON.
if (args.Length < 2 || !IPEndPoint.TryParse(args[1], out IPEndPoint? end))
{
    Console.Error.WriteLine("usage: see the head of Program.cs");
    return 2;
}

switch (args[0], args.Length)
{
    case ("tcp-receive", 2):
        return HashedTransfer.Receive(end);
    case ("tcp-send", 4):
        return HashedTransfer.Send(end, long.Parse(args[2], CultureInfo.InvariantCulture) * 1_000_000, Number(args[3]));
    case ("udp-receive", 3):
        return NumberedStream.Receive(end, Number(args[2]));
    case ("udp-send", 5):
        return NumberedStream.Send(end, int.Parse(args[2], CultureInfo.InvariantCulture), Number(args[3]), Number(args[4]));
    case ("attack", 4 or 5):
        return new Attack(end, Convert.FromHexString(args[2])) { Kinds = args.Length > 4 ? args[4] : "01234" }.Run(Number(args[3]));
    default:
        Console.Error.WriteLine("usage: see the head of Program.cs");
        return 2;
}

static double Number(string word) => double.Parse(word, CultureInfo.InvariantCulture);
