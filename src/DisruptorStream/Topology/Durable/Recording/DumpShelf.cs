using System.Globalization;
using DisruptorStream.Durability.Recording;

namespace DisruptorStream.Topology.Durable.Recording;

/// <summary>The directories of the dumps of a processor, of which only the newest stay.</summary>
/// <remarks>One caller at a time. Their names say whose they are, when and why they were written.</remarks>
internal sealed class DumpShelf
{
    private const string TimeFormat = "yyyyMMdd'T'HHmmss'.'fffffff'Z'";
    private const int MostOfAnInstant = 1_000;

    private readonly string _directory;
    private readonly string _prefix;
    private readonly int _kept;
    private readonly List<string> _written = [];

    /// <param name="directory">Where they are.</param>
    /// <param name="processor">The name of the processor.</param>
    /// <param name="kept">How many stay.</param>
    public DumpShelf(string directory, string processor, int kept)
    {
        _directory = directory;
        _prefix = string.Join('_', processor.Split(Path.GetInvalidFileNameChars())) + "-";
        _kept = kept;
    }

    /// <summary>A directory that is not there yet.</summary>
    /// <exception cref="IOException">All names of this instant are in use.</exception>
    public string NewPlace(DateTimeOffset taken, DumpCause cause)
    {
        for (var number = 0; number < MostOfAnInstant; number++)
        {
            var time = taken.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);
            var name = string.Create(
                CultureInfo.InvariantCulture, $"{_prefix}{time}-{number:D3}-{cause.ToString().ToLowerInvariant()}");
            var place = Path.Combine(_directory, name);
            if (!Path.Exists(place))
                return place;
        }

        throw new IOException(
            $"There are {MostOfAnInstant} dumps of {taken:O} in '{_directory}'; is the clock standing still?");
    }

    /// <summary>Takes a place away again where no dump came to be. Never throws for the disk.</summary>
    /// <param name="place">One that was given for a new dump.</param>
    /// <remarks>An empty directory would count as a dump, and a real one would go for it.</remarks>
    public static void GiveUp(string place)
    {
        try
        {
            Directory.Delete(place);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // What failed before is the one to tell; where there are files, they may be another's.
        }
    }

    /// <summary>Deletes the oldest ones that are too many, never the one that was just written.</summary>
    /// <param name="written">That one.</param>
    /// <remarks>A clock may go back: what was written here is newer than all else, whatever the names say.</remarks>
    /// <exception cref="IOException">The disk says no.</exception>
    public void Tidy(string written)
    {
        _written.Add(Path.GetFileName(written));
        var places = new List<string>();
        foreach (var place in Directory.EnumerateDirectories(_directory))
        {
            if (IsOfProcessor(Path.GetFileName(place)))
                places.Add(place);
        }

        places.Sort(CompareAges);
        for (var index = 0; index < places.Count - _kept; index++)
            Delete(places[index]);
        if (_written.Count > _kept)
            _written.RemoveRange(0, _written.Count - _kept);
    }

    /// <summary>Another process that has the same shelf may be faster.</summary>
    private static void Delete(string place)
    {
        try
        {
            Directory.Delete(place, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // As it should be.
        }
    }

    private int CompareAges(string one, string other)
    {
        var order = _written.IndexOf(Path.GetFileName(one)).CompareTo(_written.IndexOf(Path.GetFileName(other)));
        return order != 0 ? order : string.CompareOrdinal(one, other);
    }

    /// <summary>Another processor may have a name that begins alike.</summary>
    private bool IsOfProcessor(string name)
    {
        if (!name.StartsWith(_prefix, StringComparison.Ordinal))
            return false;
        var time = name.AsSpan(_prefix.Length);
        var end = time.IndexOf('-');
        return end > 0 && DateTime.TryParseExact(
            time[..end], TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out _);
    }
}
