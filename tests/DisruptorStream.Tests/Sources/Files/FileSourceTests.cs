using System.Globalization;
using System.Text;
using CsCheck;
using DisruptorStream.Sources;
using DisruptorStream.Sources.Files;

namespace DisruptorStream.Tests.Sources.Files;

public sealed class FileSourceTests : IDisposable
{
    private readonly WrittenFiles _files = new();

    public void Dispose() => _files.Dispose();

    /// <summary>
    /// However bytes come, files are rotated, and readers end and begin again: each line comes once, in order.
    /// </summary>
    [Fact]
    public async Task ReadAsync_AnyGrowthRotationAndRestarts_GivesEachLineOnce() =>
        await Gen.Select(Gen.Int[0, 9].Array[1, 60], Gen.Int[1, 7], Gen.Bool).SampleAsync(
            async (acts, atOnce, hasHeader) =>
            {
                using var files = new WrittenFiles();
                var source = files.Source();
                var (written, read) = (new List<string>(), new List<string>());
                var (next, half, begun) = (SourcePosition.Start, "", false);
                foreach (var act in acts)
                {
                    if (hasHeader && !begun && act != 8)
                        files.Append("\n");
                    begun = true;
                    switch (act)
                    {
                        case < 3:
                            var line = Line(written.Count);
                            files.Append(half.Length > 0 ? line[half.Length..] + "\n" : line + "\n");
                            written.Add(line);
                            half = "";
                            break;
                        case 3 when half.Length == 0:
                            half = Line(written.Count)[..3];
                            files.Append(half);
                            break;
                        case < 7 and > 3:
                            (var some, next, _) = await WrittenFiles.ReadAsync(
                                source, next, atOnce, act == 4 ? 3 : int.MaxValue);
                            read.AddRange(some);
                            break;
                        case > 7 when half.Length == 0:
                            files.Rotate();
                            begun = false;
                            break;
                    }
                }

                // The next file has bytes: all before it is read.
                files.Append(half.Length > 0 ? "\n" : "end\n");
                written.Add(half.Length > 0 ? half : "end");
                (var rest, next, _) = await WrittenFiles.ReadAsync(source, next, atOnce);
                read.AddRange(rest);
                Assert.Equal(written, read);
            },
            iter: 200,
            threads: 1);

    [Fact]
    public async Task ReadAsync_NamesWithAStar_GivesFilesInTheirOrder()
    {
        _files.AppendTo("calls-2.csv", "c\n");
        _files.AppendTo("calls-1.csv", "a\nb");
        var source = _files.Source(name: "calls-*.csv");

        var (read, next, _) = await WrittenFiles.ReadAsync(source, SourcePosition.Start);
        File.Delete(_files.PathOf("calls-1.csv"));
        _files.AppendTo("calls-2.csv", "d\n");
        _files.AppendTo("calls-3.csv", "e\n");
        var (more, _, _) = await WrittenFiles.ReadAsync(source, next);

        Assert.Equal(["a", "b", "c"], read);
        Assert.Equal(["d", "e"], more);
    }

    [Fact]
    public async Task ReadAsync_AFileThatIsDoneAndGone_GoesOnWithTheNext()
    {
        _files.Append("a\n");
        var (_, next, _) = await WrittenFiles.ReadAsync(_files.Source(), SourcePosition.Start);
        _files.Rotate();
        _files.Append("b\n");
        (var read, next, _) = await WrittenFiles.ReadAsync(_files.Source(), next);
        _files.Rotate();
        _files.Append("c\n");
        File.Delete(_files.PathOf(WrittenFiles.Name(2)));
        var (more, _, _) = await WrittenFiles.ReadAsync(_files.Source(), next);

        Assert.Equal(["b"], read);
        Assert.Equal(["c"], more);
    }

    /// <summary>What was read of a file is all there is to know it by; here it is the same in each.</summary>
    [Fact]
    public async Task OpenAsync_BehindAHeaderThatEachFileHas_FindsTheFileOfBefore()
    {
        _files.Append("time,cost\na\n");
        var (_, next, _) = await WrittenFiles.ReadAsync(_files.Source(), SourcePosition.Start, atOnce: 1, most: 1);
        _files.Rotate();
        _files.Append("time,cost\nb\n");
        var (read, _, _) = await WrittenFiles.ReadAsync(_files.Source(), next);

        Assert.Equal(["a", "time,cost", "b"], read);
    }

    [Fact]
    public async Task ReadAsync_DoesNotFollow_EndsWithTheLastLineAlsoWithoutItsEnd()
    {
        var source = _files.Source(new FileSourceOptions { Follows = false });
        await Assert.ThrowsAsync<FileNotFoundException>(
            () => WrittenFiles.ReadAsync(source, SourcePosition.Start));

        _files.Append("\ufeffa\r\nb");
        var (read, next, hasEnded) = await WrittenFiles.ReadAsync(source, SourcePosition.Start);
        var (more, _, endsAgain) = await WrittenFiles.ReadAsync(source, next);

        Assert.Equal(["a", "b"], read);
        Assert.Empty(more);
        Assert.True(hasEnded && endsAgain);
    }

    [Fact]
    public async Task OpenAsync_AFileThatWasCutOff_IsRefusedWithItsPlace()
    {
        _files.Append("one\ntwo\n");
        var (_, next, _) = await WrittenFiles.ReadAsync(_files.Source(), SourcePosition.Start);
        File.WriteAllText(_files.Path, "one\n");

        var refused = await RefusedAsync(next);

        Assert.Contains("was read up to byte 8, and it has 4 bytes now", refused, StringComparison.Ordinal);
        Assert.Contains("give the source another name", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_AFileThatIsCutOffMeanwhile_IsRefused()
    {
        _files.Append("one\ntwo\n");
        await using var reader = await _files.Source().OpenAsync(
            SourcePosition.Start, TestContext.Current.CancellationToken);
        var batch = new SourceBatch<string>(8);
        await reader.ReadAsync(batch, TestContext.Current.CancellationToken);
        using (var file = new FileStream(_files.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            file.SetLength(2);

        var refused = await Assert.ThrowsAsync<SourcePositionException>(
            async () => await reader.ReadAsync(new SourceBatch<string>(8), TestContext.Current.CancellationToken));

        Assert.Contains("has 2 bytes, and 8 of it were read", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_OtherBytesBeforeThePlace_IsRefused()
    {
        _files.Append("one\ntwo\n");
        var (_, next, _) = await WrittenFiles.ReadAsync(_files.Source(), SourcePosition.Start);
        File.WriteAllText(_files.Path, "one\ntwi\nthree\n");

        Assert.Contains("are others now", await RefusedAsync(next), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_AFileThatIsGoneTooEarly_IsRefused()
    {
        _files.Append("one\ntwo\n");
        var (_, next, _) = await WrittenFiles.ReadAsync(_files.Source(), SourcePosition.Start, 1, most: 1);
        File.Delete(_files.Path);
        Assert.Contains("no longer there", await RefusedAsync(next), StringComparison.Ordinal);

        _files.Append("another\n");
        Assert.Contains("byte 4", await RefusedAsync(next), StringComparison.Ordinal);
        Assert.Contains("none of files", await RefusedAsync(SourcePosition.FromInt64(4)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_RecordsWithALength_GivesThemWhole()
    {
        var options = new FileSourceOptions
        {
            Framing = RecordFraming.LengthPrefixed,
            PollInterval = TimeSpan.FromMilliseconds(1),
            MaxRecordBytes = 100,
        };
        byte[] bytes = [.. WrittenFiles.Frame("a\nb"), .. WrittenFiles.Frame("second"), .. WrittenFiles.Frame("third")];
        await File.WriteAllBytesAsync(_files.Path, bytes[..^3], TestContext.Current.CancellationToken);
        var (read, next, _) = await WrittenFiles.ReadAsync(_files.Source(options), SourcePosition.Start);
        await File.WriteAllBytesAsync(_files.Path, bytes, TestContext.Current.CancellationToken);
        (var more, next, _) = await WrittenFiles.ReadAsync(_files.Source(options), next);

        Assert.Equal(["a\nb", "second"], read);
        Assert.Equal(["third"], more);

        _files.Append("no length at all");
        var bad = await Assert.ThrowsAsync<SourceRecordException>(
            () => WrittenFiles.ReadAsync(_files.Source(options), next));
        Assert.Contains("a record has at most 100 bytes", bad.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_BadRecords_StopThereOrAreLeftOut()
    {
        var options = new FileSourceOptions { MaxRecordBytes = 16, PollInterval = TimeSpan.FromMilliseconds(1) };
        _files.Append($"a\nbad\n{new string('x', 200_000)}\nb\n");

        var stopped = await Assert.ThrowsAsync<SourceRecordException>(
            () => WrittenFiles.ReadAsync(_files.Source(options), SourcePosition.Start));
        var (read, _, _) = await WrittenFiles.ReadAsync(
            _files.Source(options), SourcePosition.Start, policy: BadRecordPolicy.Skip);

        Assert.Contains("The record at byte 2", stopped.Message, StringComparison.Ordinal);
        Assert.Contains("It is bad (in 'bad')", stopped.Message, StringComparison.Ordinal);
        Assert.Equal(["a", "b"], read);
    }

    /// <summary>A place in the middle of a long line would make an event of its end.</summary>
    [Fact]
    public async Task Position_InALineThatIsTooLong_IsBeforeIt()
    {
        var options = new FileSourceOptions { MaxRecordBytes = 16, PollInterval = TimeSpan.FromMilliseconds(1) };
        _files.Append("a\n" + new string('x', 200_000));
        var (read, next, _) = await WrittenFiles.ReadAsync(
            _files.Source(options), SourcePosition.Start, policy: BadRecordPolicy.Skip);
        _files.Append("yz\nb\n");
        var (more, _, _) = await WrittenFiles.ReadAsync(_files.Source(options), next, policy: BadRecordPolicy.Skip);

        Assert.Equal(["a"], read);
        Assert.Equal(["b"], more);
    }

    [Fact]
    public void FileSource_ADirectoryOrAStarInOne_IsRefused()
    {
        RecordParser<string> parser = static (ReadOnlySpan<byte> record, out string parsed) =>
        {
            parsed = Encoding.UTF8.GetString(record);
            return true;
        };

        Assert.Throws<ArgumentException>(() => new FileSource<string>(_files.PathOf(""), parser));
        Assert.Throws<ArgumentException>(() => new FileSource<string>(_files.PathOf("*/a.csv"), parser));
        Assert.Throws<ArgumentException>(() => new FileSource<string>(" ", parser));
    }

    private async Task<string> RefusedAsync(SourcePosition from) => (await Assert.ThrowsAsync<SourcePositionException>(
        () => WrittenFiles.ReadAsync(_files.Source(), from))).Message;

    private static string Line(int number) => string.Create(CultureInfo.InvariantCulture, $"line-{number}");
}
