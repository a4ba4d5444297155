using DisruptorStream.Emission;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.Emission;

public sealed class PaneTallyTests
{
    /// <summary>What is told of a window is right; nothing is told only of those older than a lost one.</summary>
    [Fact]
    public void Read_ManyWindows_TellsTheNewestAndNoWrongCount()
    {
        var tally = new PaneTally();
        const int Windows = 500;
        for (var window = 0; window < Windows; window++)
        {
            tally.Add(window * 10, (window * 10) + 10, window + 1);
            tally.Add(window * 10, (window * 10) + 10, 2);
        }

        var told = 0;
        for (var window = 0; window < Windows; window++)
        {
            var panes = tally.Read(new TimeWindow(window * 10, (window * 10) + 10));
            Assert.True(panes is null || panes == window + 3, $"window {window} has {panes}");
            told += panes is null ? 0 : 1;
        }

        Assert.InRange(told, 20, 64);
        Assert.Equal(Windows + 2, tally.Read(new TimeWindow((Windows - 1) * 10, Windows * 10)));
        Assert.Equal(0, tally.Read(new TimeWindow(Windows * 10, (Windows * 10) + 10)));
    }
}
