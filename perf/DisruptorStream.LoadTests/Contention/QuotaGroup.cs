using System.Diagnostics;
using System.Globalization;
using DisruptorStream.Rings.Machine;

namespace DisruptorStream.LoadTests.Contention;

/// <summary>A control group with a quota of CPU time, which goes when this is disposed.</summary>
internal sealed class QuotaGroup : IDisposable
{
    private const int PeriodMicroseconds = 100_000;
    private const int Removals = 50;

    private bool _isDisposed;

    private QuotaGroup(string path)
    {
        Path = path;
        AppDomain.CurrentDomain.ProcessExit += OnExit;
    }

    /// <summary>Its folder.</summary>
    public string Path { get; }

    /// <summary>
    /// Makes a group inside this process's own, or at the top; cgroup v2 where it has the controller.
    /// </summary>
    /// <param name="processors">How many processors' time it has.</param>
    /// <param name="why">Why there is none.</param>
    public static QuotaGroup? TryCreate(double processors, out string why)
    {
        why = "no hierarchy of control groups has a controller for CPU time";
        if (!File.Exists("/proc/self/mountinfo"))
            return null;
        var groups = File.ReadAllLines("/proc/self/cgroup");
        var mounts = new List<ControlGroupMount>();
        foreach (var line in File.ReadAllLines("/proc/self/mountinfo"))
        {
            if (ControlGroupMount.TryParse(line, out var mount))
                mounts.Add(mount);
        }

        foreach (var mount in mounts.OrderByDescending(mount => mount.IsVersion2))
        {
            foreach (var parent in new[] { mount.PathWithin(groups) ?? "/", "/" }.Distinct())
            {
                var folder = System.IO.Path.Combine(
                    mount.MountPoint, parent.TrimStart('/'), $"load-{Environment.ProcessId}");
                if (TryCreate(folder, mount.IsVersion2, processors, ref why) is { } group)
                    return group;
            }
        }

        return null;
    }

    /// <summary>Ends what still runs in the group, and removes it.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        foreach (var line in File.ReadAllLines($"{Path}/cgroup.procs"))
        {
            using var left = Process.GetProcessById(int.Parse(line, CultureInfo.InvariantCulture));
            left.Kill();
        }

        Remove(Path);
    }

    private static QuotaGroup? TryCreate(string folder, bool isVersion2, double processors, ref string why)
    {
        var quota = ((int)(processors * PeriodMicroseconds)).ToString(CultureInfo.InvariantCulture);
        try
        {
            Directory.CreateDirectory(folder);
            if (!File.Exists($"{folder}/{(isVersion2 ? "cpu.max" : "cpu.cfs_quota_us")}"))
            {
                Remove(folder);
                return null;
            }

            if (isVersion2)
            {
                File.WriteAllText($"{folder}/cpu.max", $"{quota} {PeriodMicroseconds}");
            }
            else
            {
                File.WriteAllText($"{folder}/cpu.cfs_period_us", $"{PeriodMicroseconds}");
                File.WriteAllText($"{folder}/cpu.cfs_quota_us", quota);
            }

            return new QuotaGroup(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            why = exception.Message;
            if (Directory.Exists(folder))
                Remove(folder);
            return null;
        }
    }

    private void OnExit(object? sender, EventArgs arguments) => Dispose();

    /// <summary>The kernel keeps a group for a moment after its last process has gone.</summary>
    private static void Remove(string folder)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Directory.Delete(folder);
                return;
            }
            catch (IOException) when (attempt < Removals)
            {
                Thread.Sleep(20);
            }
        }
    }
}
