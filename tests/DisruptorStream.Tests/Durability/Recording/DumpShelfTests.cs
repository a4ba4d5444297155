using DisruptorStream.Durability.Recording;
using DisruptorStream.Topology.Durable.Recording;

namespace DisruptorStream.Tests.Durability.Recording;

/// <summary>Which dumps stay.</summary>
public sealed class DumpShelfTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("shelf-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>A clock that goes back makes a new dump look older than all that are there.</summary>
    [Fact]
    public void Tidy_ClockGoesBack_KeepsWhatWasWrittenLast()
    {
        var before = new DumpShelf(_directory, "calls", kept: 2);
        Write(before, hour: 8);
        Write(before, hour: 9);
        var shelf = new DumpShelf(_directory, "calls", kept: 2);

        var first = Write(shelf, hour: 5);
        Assert.Contains(first, Directory.GetDirectories(_directory));
        var second = Write(shelf, hour: 4);
        Assert.Equal([second, first], Directory.GetDirectories(_directory).Order());
        var third = Write(shelf, hour: 3);
        Assert.Equal([third, second], Directory.GetDirectories(_directory).Order());
        var last = Write(shelf, hour: 7);
        Assert.Equal([third, last], Directory.GetDirectories(_directory).Order());
    }

    private static string Write(DumpShelf shelf, int hour)
    {
        var place = shelf.NewPlace(DateTimeOffset.UnixEpoch.AddHours(hour), DumpCause.Asked);
        Directory.CreateDirectory(place);
        shelf.Tidy(place);
        return place;
    }
}
