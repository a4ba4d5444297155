namespace DisruptorStream.Rings.Machine;

/// <summary>Reads files of the kernel that may be absent or hidden.</summary>
internal static class TextFile
{
    /// <summary>The file's lines, or none when it cannot be read: a limit that is not shown is no limit.</summary>
    public static string[] ReadLinesOrNone(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllLines(path) : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
