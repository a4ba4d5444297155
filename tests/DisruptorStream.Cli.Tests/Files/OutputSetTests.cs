using DisruptorStream.Cli.Files;

namespace DisruptorStream.Cli.Tests.Files;

/// <summary>What becomes of the files of a job that is interrupted, and of its thread that goes on.</summary>
public sealed class OutputSetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dstream").FullName;

    public OutputSetTests()
    {
        File.WriteAllText(At("a"), "old");
        File.WriteAllText(At("b"), "old");
    }

    [Fact]
    public async Task KeepWritten_OneHasRows_IsKeptAndTheOtherIsAsItWas()
    {
        using var outputs = new OutputSet();
        var (a, b) = (outputs.Open(At("a")), outputs.Open(At("b")));
        a.Write("row\n"u8);

        // As when nothing is left to be handed on.
        b.Write([]);
        Assert.Equal("old", await File.ReadAllTextAsync(At("a")));
        outputs.KeepWritten();
        outputs.Dispose();

        Assert.Equal("row\n", await File.ReadAllTextAsync(At("a")));
        Assert.Equal("old", await File.ReadAllTextAsync(At("b")));
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder).Length);
    }

    [Fact]
    public async Task KeepWritten_AJobThatGoesOn_WritesNothingMore()
    {
        using var outputs = new OutputSet();
        var a = outputs.Open(At("a"));
        a.Write("row\n"u8);
        outputs.KeepWritten();

        Assert.ThrowsAny<InvalidOperationException>(() => a.Write("more\n"u8));
        Assert.Throws<OperationCanceledException>(() => outputs.Open(At("b")));
        outputs.Dispose();
        Assert.Equal("row\n", await File.ReadAllTextAsync(At("a")));
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder).Length);
    }

    [Fact]
    public async Task Complete_NothingWritten_EmptiesTheFiles()
    {
        using var outputs = new OutputSet();
        outputs.Open(At("a"));
        outputs.Complete();

        Assert.Equal("", await File.ReadAllTextAsync(At("a")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string At(string name) => Path.Combine(_folder, name);
}
