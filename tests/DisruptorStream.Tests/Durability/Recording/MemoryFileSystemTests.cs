using System.Runtime.InteropServices;
using CsCheck;
using DisruptorStream.Durability.Files;
using DisruptorStream.Durability.Recording.Files;

namespace DisruptorStream.Tests.Durability.Recording;

/// <summary>Files in memory are as those on a disk, and give their pages back.</summary>
public sealed class MemoryFileSystemTests
{
    private static readonly string Folder = Path.GetFullPath("recording");

    private readonly MemoryFileSystem _files = new();

    /// <summary>Writes at any place and cuts at any length, as an array has them.</summary>
    [Fact]
    public void WriteAndSetLength_InAnyOrder_AreAsInAnArray() => Gen.Select(
            Gen.Bool, Gen.Int[0, 3 * MemoryPages.PageBytes], Gen.Int[0, MemoryPages.PageBytes + 9], Gen.Byte[1, 255])
        .Array[0, 12]
        .Sample(steps =>
        {
            var (files, model) = (new MemoryFileSystem(), Array.Empty<byte>());
            using var file = files.Create(PathOf("a"));
            foreach (var (cuts, at, length, value) in steps)
            {
                if (cuts)
                {
                    file.SetLength(at);
                    Array.Resize(ref model, at);
                    continue;
                }

                Write(file, at, length, value);
                if (length > 0 && model.Length < at + length)
                    Array.Resize(ref model, at + length);
                model.AsSpan(Math.Min(at, model.Length), length).Fill(value);
            }

            var read = new byte[model.Length + 1];
            Assert.Equal(model.Length, file.Length);
            Assert.Equal(model.Length, file.Read(0, read));
            Assert.Equal(model, read[..^1]);
            Assert.Equal(0, file.Read(model.Length, read));
        });

    [Fact]
    public void Delete_OneThatIsOpen_StaysUntilItIsClosed()
    {
        var file = _files.Create(PathOf("a"));
        Write(file, 0, 100, 7);
        _files.Delete(PathOf("a"));
        var read = new byte[100];

        Assert.Equal(100, file.Read(0, read));
        Assert.Equal(7, read[99]);
        Assert.Empty(_files.List(Folder));
        file.Dispose();
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => file.Length);
        Assert.Throws<FileNotFoundException>(() => _files.Delete(PathOf("a")));
    }

    [Fact]
    public void Create_AgainAndAgain_UsesThePagesAgain()
    {
        for (var round = 0; round < 50; round++)
        {
            using (var file = _files.Create(PathOf("a")))
                Write(file, 0, 3 * MemoryPages.PageBytes, 1);
            _files.Rename(PathOf("a"), PathOf("b"));
        }

        // The one that takes the place of the other is there before that is gone.
        Assert.Equal(6 * MemoryPages.PageBytes, _files.Bytes);
        Assert.Equal(["b"], _files.List(Folder));
        Assert.Throws<IOException>(() => _files.Create(PathOf("b")));
        Assert.Throws<FileNotFoundException>(() => _files.Open(PathOf("a")));
        Assert.Throws<FileNotFoundException>(() => _files.Rename(PathOf("a"), PathOf("b")));
        _files.Delete(PathOf("b"));
        using var next = _files.Create(PathOf("c"));
        next.SetLength(5);
        var read = new byte[5];
        Assert.Equal(5, next.Read(0, read));
        Assert.Equal(new byte[5], read);
    }

    private static string PathOf(string name) => Path.Combine(Folder, name);

    private static void Write(IFile file, int at, int length, byte value)
    {
        var bytes = GC.AllocateArray<byte>(Math.Max(1, length), pinned: true);
        Array.Fill(bytes, value);
        file.Write(at, [new FilePart(Marshal.UnsafeAddrOfPinnedArrayElement(bytes, 0), (nuint)length)]);
        GC.KeepAlive(bytes);
    }
}
