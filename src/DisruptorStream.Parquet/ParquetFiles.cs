using System.Globalization;
using DisruptorStream.Durability.Files;

namespace DisruptorStream.Parquet;

/// <summary>The files of a directory: their names say which results they hold.</summary>
internal sealed class ParquetFiles
{
    private const string Ending = ".parquet";
    private const string Unfinished = ".unfinished";
    private const int Digits = 15;

    private readonly IFileSystem _files;
    private readonly string _directory;

    /// <param name="files">The file system.</param>
    /// <param name="directory">The directory.</param>
    public ParquetFiles(IFileSystem files, string directory) => (_files, _directory) = (files, directory);

    /// <summary>The number of the last result of all files; 0 where there is none.</summary>
    public long LastNumber()
    {
        var last = 0L;
        foreach (var name in _files.List(_directory))
        {
            if (TryReadLast(name, out var number))
                last = Math.Max(last, number);
        }

        return last;
    }

    /// <summary>Takes away what a write left that was ended.</summary>
    public void DeleteUnfinished()
    {
        foreach (var name in _files.List(_directory))
        {
            if (name.EndsWith(Unfinished, StringComparison.Ordinal))
                _files.Delete(Path.Combine(_directory, name));
        }
    }

    /// <summary>The name of the file of results, in the order of which names sort as numbers do.</summary>
    public static string NameOf(long first, long last) =>
        string.Create(CultureInfo.InvariantCulture, $"{first:D15}-{last:D15}{Ending}");

    /// <summary>The name of a file of a processor that is not durable.</summary>
    public static string NewName() => $"run-{Guid.NewGuid():N}{Ending}";

    /// <summary>Where a file is written before it has its name.</summary>
    public string UnfinishedPath(string name) => Path.Combine(_directory, $"{name}{Unfinished}");

    /// <summary>The file is whole, and gets its name; both are durable then.</summary>
    public void Finish(string name)
    {
        using (var file = _files.Open(UnfinishedPath(name)))
            file.Sync();
        _files.Rename(UnfinishedPath(name), Path.Combine(_directory, name));
        _files.SyncDirectory(_directory);
    }

    private static bool TryReadLast(string name, out long last)
    {
        last = 0;
        return name.Length == Digits + 1 + Digits + Ending.Length
            && name.EndsWith(Ending, StringComparison.Ordinal)
            && name[Digits] == '-'
            && long.TryParse(
                name.AsSpan(Digits + 1, Digits), NumberStyles.None, CultureInfo.InvariantCulture, out last);
    }
}
