namespace DisruptorStream.Rings.Machine;

/// <summary>A mounted hierarchy of control groups that may limit CPU time.</summary>
/// <param name="Root">The group that appears at the mount point.</param>
/// <param name="MountPoint">Where it is mounted.</param>
/// <param name="IsVersion2">Whether it is the unified hierarchy.</param>
internal readonly record struct ControlGroupMount(string Root, string MountPoint, bool IsVersion2)
{
    private const string Version2Prefix = "0::";

    /// <summary>
    /// Reads a line of mountinfo: id, parent, device, root, mount point, options …, "-", type, source, options.
    /// </summary>
    public static bool TryParse(string line, out ControlGroupMount mount)
    {
        mount = default;
        var separator = line.IndexOf(" - ", StringComparison.Ordinal);
        if (separator < 0)
            return false;

        var fields = line[..separator].Split(' ');
        var details = line[(separator + 3)..].Split(' ');
        if (fields.Length < 5 || details.Length < 3)
            return false;

        var isVersion2 = details[0] is "cgroup2";
        if (!isVersion2 && (details[0] is not "cgroup" || Array.IndexOf(details[2].Split(','), "cpu") < 0))
            return false;

        mount = new ControlGroupMount(Unescape(fields[3]), Unescape(fields[4]), isVersion2);
        return true;
    }

    /// <summary>Where the group of the process is below the mount point, from the lines of proc/self/cgroup.</summary>
    public string? PathWithin(string[] groups)
    {
        foreach (var line in groups)
        {
            if (GroupPath(line) is { } path)
                return BelowRoot(path);
        }

        return null;
    }

    /// <summary>The kernel writes a space in a path as its octal code.</summary>
    private static string Unescape(string path) => path.Replace("\\040", " ", StringComparison.Ordinal);

    private string? GroupPath(string line)
    {
        if (IsVersion2)
            return line.StartsWith(Version2Prefix, StringComparison.Ordinal) ? line[Version2Prefix.Length..] : null;

        var parts = line.Split(':', 3);
        return parts.Length == 3 && Array.IndexOf(parts[1].Split(','), "cpu") >= 0 ? parts[2] : null;
    }

    private string BelowRoot(string path)
    {
        if (Root is "/")
            return path;

        // A container without a namespace of its own sees its group as the root of the mount, and the host's path.
        var isBelow = path.Equals(Root, StringComparison.Ordinal)
            || path.StartsWith(Root + "/", StringComparison.Ordinal);
        return isBelow ? path[Root.Length..] : "";
    }
}
