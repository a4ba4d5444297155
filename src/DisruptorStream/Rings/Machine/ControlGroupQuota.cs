using System.Globalization;

namespace DisruptorStream.Rings.Machine;

/// <summary>The CPU quota of the control group of this process and of all groups around it, in processors.</summary>
/// <remarks>Knows cgroup v2 (cpu.max) and v1 (cpu.cfs_quota_us), and reads both where both are mounted.</remarks>
internal static class ControlGroupQuota
{
    /// <summary>The smallest quota in force; null when there is none.</summary>
    public static double? Read(string rootPath)
    {
        double? smallest = null;
        var groups = TextFile.ReadLinesOrNone(Path.Combine(rootPath, "proc/self/cgroup"));
        foreach (var line in TextFile.ReadLinesOrNone(Path.Combine(rootPath, "proc/self/mountinfo")))
        {
            if (!ControlGroupMount.TryParse(line, out var mount) || mount.PathWithin(groups) is not { } path)
                continue;

            var mountPath = Path.Combine(rootPath, mount.MountPoint.TrimStart('/'));
            smallest = Smaller(smallest, ReadUpwards(mountPath, path, mount.IsVersion2));
        }

        return smallest;
    }

    /// <summary>The quota of a v2 cpu.max, "max 100000" or "150000 100000"; null when it sets none.</summary>
    public static double? ParseVersion2(string text)
    {
        var separator = text.IndexOf(' ', StringComparison.Ordinal);
        return separator < 0 ? null : Quotient(text[..separator], text[(separator + 1)..]);
    }

    /// <summary>The quota of a v1 cpu.cfs_quota_us and cpu.cfs_period_us; null when it sets none (-1).</summary>
    public static double? ParseVersion1(string quota, string period) => Quotient(quota, period);

    private static double? ReadUpwards(string mountPath, string path, bool isVersion2)
    {
        double? smallest = null;
        while (true)
        {
            var groupPath = Path.Combine(mountPath, path.TrimStart('/'));
            smallest = Smaller(smallest, isVersion2 ? ReadVersion2(groupPath) : ReadVersion1(groupPath));
            var separator = path.TrimEnd('/').LastIndexOf('/');
            if (separator < 0)
                return smallest;

            path = path[..separator];
        }
    }

    private static double? ReadVersion2(string groupPath)
    {
        var lines = TextFile.ReadLinesOrNone(Path.Combine(groupPath, "cpu.max"));
        return lines.Length == 0 ? null : ParseVersion2(lines[0]);
    }

    private static double? ReadVersion1(string groupPath)
    {
        var quota = TextFile.ReadLinesOrNone(Path.Combine(groupPath, "cpu.cfs_quota_us"));
        var period = TextFile.ReadLinesOrNone(Path.Combine(groupPath, "cpu.cfs_period_us"));
        return quota.Length == 0 || period.Length == 0 ? null : ParseVersion1(quota[0], period[0]);
    }

    private static double? Quotient(string quota, string period) =>
        TryParse(quota, out var quotaMicroseconds) && TryParse(period, out var periodMicroseconds)
            ? (double)quotaMicroseconds / periodMicroseconds
            : null;

    private static bool TryParse(string text, out long microseconds) =>
        long.TryParse(text.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out microseconds)
        && microseconds > 0;

    private static double? Smaller(double? left, double? right) =>
        left is null ? right : right is null ? left : Math.Min(left.Value, right.Value);
}
