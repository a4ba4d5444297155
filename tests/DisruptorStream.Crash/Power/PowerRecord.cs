using System.Globalization;
using DisruptorStream.Crash.Processes;
using DisruptorStream.Crash.Workloads;

namespace DisruptorStream.Crash.Power;

/// <summary>A run on a disk that remembers all writes and flushes, and what was known outside when.</summary>
internal sealed class PowerRecord
{
    private const int DiskBytes = 24 << 20;
    private const int MostTries = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<(int Position, string Line)> _lines = [];

    private PowerRecord()
    {
    }

    public RecordedDisk Disk { get; } = new(DiskBytes);

    /// <summary>Where the run begins: the file system is there.</summary>
    public int Start { get; private set; }

    /// <summary>Where it has ended.</summary>
    public int End { get; private set; }

    /// <summary>Runs it.</summary>
    /// <param name="run">What the process does.</param>
    /// <param name="top">A folder of its own.</param>
    public static PowerRecord Of(HandRun run, string top)
    {
        var record = new PowerRecord();
        var socket = Path.Combine(top, "socket");
        using var server = new NbdServer(record.Disk, socket);
        var device = Path.Combine(top, "device");
        File.WriteAllBytes(device, []);
        using var fuse = new ChildProcess(Tool.Find("nbdfuse")!, [device, "--unix", socket], _ => { });
        try
        {
            for (var tries = 0; new FileInfo(device).Length == 0; tries++)
            {
                if (tries == MostTries)
                    throw new InvalidOperationException("nbdfuse shows no disk.");
                Thread.Sleep(50);
            }

            Tool.Run("mkfs.ext4", "-q", "-E", "nodiscard,lazy_itable_init=0,lazy_journal_init=0", device);
            using (var mounted = new MountedImage(device, Path.Combine(top, "live")))
                record.RunOn(run, mounted.Folder);
        }
        finally
        {
            Tool.Run("umount", device);
            fuse.WaitForEnd(Patience);
        }

        return record;
    }

    /// <summary>The results that were handed out before a cut, and how many events were known to be safe.</summary>
    public (CollectedResults Results, int Durable) Before(int position)
    {
        var results = new CollectedResults();
        var durable = 0;
        foreach (var (at, line) in _lines)
        {
            if (at > position)
                continue;
            if (!line.StartsWith('@'))
                results.Add(line);
            else if (line.StartsWith(HandCommand.Durable, StringComparison.Ordinal))
                durable = int.Parse(line.AsSpan(HandCommand.Durable.Length), CultureInfo.InvariantCulture);
        }

        return (results, durable);
    }

    private void RunOn(HandRun run, string folder)
    {
        Tool.Run("sync", "-f", folder);
        Start = Disk.Position;

        // It waits until the place of a line was noted: a line that is read late would count as one of a later moment,
        // behind writes that rely on it.
        using (var process = new ChildProcess(
            ChildProcess.Self,
            ["hand", run.Mode.ToString(), Path.Combine(folder, "state"), HandCommand.Confirmed],
            line => _lines.Add((Disk.Position, line)),
            confirms: true))
        {
            if (!process.WaitForEnd(Patience) || process.ExitCode != 0)
                throw new InvalidOperationException($"The run that is recorded failed: {process.Errors}");
        }

        End = Disk.Position;
    }
}
