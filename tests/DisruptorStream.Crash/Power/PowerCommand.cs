using DisruptorStream.Crash.Processes;
using DisruptorStream.Crash.Workloads;
using DisruptorStream.Durability;

namespace DisruptorStream.Crash.Power;

/// <summary>
/// Records all that a run writes to its disk, cuts the power at random places of that, and goes on from what is left:
/// what was flushed, and any part of the rest.
/// </summary>
internal static class PowerCommand
{
    private static readonly string[] Tools = ["nbdfuse", "losetup", "mount", "umount", "mkfs.ext4", "sync"];
    private static readonly string[] Devices = ["/dev/fuse", "/dev/loop-control"];

    /// <param name="times">How many cuts.</param>
    /// <param name="seed">Chooses the cuts.</param>
    public static Tally Run(int times, int seed)
    {
        var tally = new Tally();
        if (WhyNot() is { } reason)
        {
            Console.WriteLine($"skipped: {reason}");
            return tally;
        }

        var modes = Enum.GetValues<DurabilityMode>();
        foreach (var (index, mode) in modes.Index())
            Run(new HandRun(mode), (times + index) / modes.Length, seed, tally);
        return tally;
    }

    private static void Run(HandRun run, int times, int seed, Tally tally)
    {
        var top = MemoryFolder.New("crash-power-");
        try
        {
            var expected = new CollectedResults();
            run.Run(null, expected, _ => { });
            var record = PowerRecord.Of(run, top);
            Console.WriteLine(
                $"{run.Mode}: {record.End - record.Start} writes and flushes, {expected.Count} results");
            for (var cut = seed; cut < seed + times; cut++)
                tally.Add($"{run.Mode}, cut {cut}", Cut(run, record, new Random(cut), expected, top));
        }
        finally
        {
            Directory.Delete(top, recursive: true);
        }
    }

    private static string Cut(
        HandRun run, PowerRecord record, Random random, CollectedResults expected, string top)
    {
        var position = random.Next(record.Start, record.End + 1);
        var (results, durable) = record.Before(position);
        var image = Path.Combine(top, "image");
        File.WriteAllBytes(image, record.Disk.ImageAt(position, random));
        using var mounted = new MountedImage(image, Path.Combine(top, "cut"));
        var known = -1;
        try
        {
            run.Run(Path.Combine(mounted.Folder, "state"), results, _ => { }, next => known = known < 0 ? next : known);
        }
        catch (DurabilityException exception) when (WorkCommand.HasEndedBefore(exception))
        {
            known = int.MaxValue;
        }
        catch (Exception exception) when (exception is StreamProcessorException or IOException)
        {
            return $"At {position}, where {durable} events were safe, nobody can go on: {exception.Message}";
        }

        if (known < durable)
            return $"At {position} {durable} events were safe, and {known} are there.";
        var difference = results.Compare(expected, hasOrder: true);
        return difference.Length == 0 ? "" : $"At {position}: {difference}";
    }

    private static string? WhyNot()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            return "only root of Linux can mount.";
        foreach (var device in Devices)
        {
            if (!File.Exists(device))
                return $"there is no {device}.";
        }

        foreach (var tool in Tools)
        {
            if (Tool.Find(tool) is null)
                return $"there is no {tool}.";
        }

        return null;
    }
}
