using DisruptorStream.Topology.State;

namespace DisruptorStream.Tests.Topology.State;

/// <summary>An id is free once every query has passed the rows that name it, and not before.</summary>
public sealed class KeyReleasesTests
{
    private readonly List<int> _released = [];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void OnPassed_OneHolderOrNone_ReleasesAtOnce(int holders)
    {
        var releases = new KeyReleases(_released.Add, holders);

        releases.OnPassed(7);

        Assert.Equal([7], _released);
    }

    [Fact]
    public void OnPassed_SeveralHolders_ReleasesWithTheLast()
    {
        var releases = new KeyReleases(_released.Add, holders: 3);

        releases.OnPassed(7);
        releases.OnPassed(7);
        Assert.Empty(_released);
        releases.OnPassed(7);

        Assert.Equal([7], _released);
    }

    [Fact]
    public void OnPassed_IdThatIsUsedAgain_IsCountedAnew()
    {
        var releases = new KeyReleases(_released.Add, holders: 2);

        for (var pass = 0; pass < 4; pass++)
            releases.OnPassed(7);
        Assert.Equal([7, 7], _released);

        releases.OnPassed(7);
        Assert.Equal([7, 7], _released);
    }

    [Fact]
    public void OnPassed_SeveralIds_AreCountedApart()
    {
        var releases = new KeyReleases(_released.Add, holders: 2);

        releases.OnPassed(1);
        releases.OnPassed(2);
        Assert.Empty(_released);
        releases.OnPassed(2);
        releases.OnPassed(1);

        Assert.Equal([2, 1], _released);
    }
}
