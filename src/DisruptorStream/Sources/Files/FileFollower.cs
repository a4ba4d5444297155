using System.Diagnostics.CodeAnalysis;
using DisruptorStream.Durability.Files;
using Microsoft.Win32.SafeHandles;

namespace DisruptorStream.Sources.Files;

/// <summary>Reads the bytes of the files of a source, one file after the other.</summary>
internal sealed class FileFollower : IDisposable
{
    private const string HowToMend =
        "Add to files only, and rotate them by renaming. Restore it, or give the source another name to begin anew.";

    private readonly FileFolder _folder;
    private SafeFileHandle? _file;
    private string _name = "";
    private long _identity;
    private FilePlace? _done;
    private (long Offset, ulong Tail)? _read;
    private List<FoundFile> _seen = [];

    private FileFollower(FileFolder folder) => _folder = folder;

    /// <summary>Whether a file is open.</summary>
    public bool IsOpen => _file is not null;

    /// <summary>The file that is read, as a whole path; the files where there is none yet.</summary>
    public string Path => _file is null ? _folder.ToString() : _folder.PathOf(_name);

    /// <summary>The length of the file that is read, as of now.</summary>
    public long Length => _file is { } file ? RandomAccess.GetLength(file) : 0;

    /// <summary>Opens the file of a position, whatever its name is now.</summary>
    /// <param name="folder">The files.</param>
    /// <param name="from">The position.</param>
    /// <exception cref="SourcePositionException">The file is gone, or is not what it was.</exception>
    public static FileFollower Open(FileFolder folder, SourcePosition from)
    {
        var follower = new FileFollower(folder);
        if (from.IsStart)
            return follower;
        try
        {
            follower.Find(FilePlace.Read(from));
        }
        catch
        {
            follower.Dispose();
            throw;
        }

        return follower;
    }

    /// <summary>Where the reader begins in the file.</summary>
    public long Offset { get; private set; }

    /// <summary>The place behind so many bytes of the file.</summary>
    public SourcePosition At(long offset)
    {
        // Of a file nothing is known by which it could be found again, until some of it was read: the one before tells
        // where it begins.
        if (_file is not { } file || offset == 0)
            return _done?.ToPosition() ?? SourcePosition.Start;
        return PlaceAt(file, offset).ToPosition();
    }

    /// <summary>Opens the first file, or the first one behind a file that is gone. False where there is none.</summary>
    public bool TryBegin()
    {
        var files = _folder.List();
        foreach (var file in files)
        {
            if ((_done is null || _folder.IsBehind(file, _done)) && TryOpen(file))
            {
                _seen = files;
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads bytes of the file; 0 at its end.</summary>
    /// <exception cref="SourcePositionException">The file has become shorter than it was.</exception>
    public int Read(Span<byte> bytes, long offset)
    {
        var read = RandomAccess.Read(_file!, bytes, offset);
        if (read == 0 && Length < offset)
            throw CutOff(offset);
        return read;
    }

    /// <summary>So much of the file was read, and it may be a while until more is.</summary>
    /// <exception cref="IOException">It is shorter already.</exception>
    public void NoteRead(long offset) =>
        _read = _file is { } file ? (offset, FileMark.TailOf(file, offset)) : null;

    /// <summary>Looks whether what was read is still there: a file may be cut off, and be filled again.</summary>
    /// <exception cref="SourcePositionException">It is shorter, or has other bytes.</exception>
    public void ThrowUnlessAsNoted()
    {
        if (_file is not { } file || _read is not var (offset, tail))
            return;
        if (Length < offset)
            throw CutOff(offset);
        if (FileMark.TailOf(file, offset) != tail)
        {
            throw new SourcePositionException(
                $"The file '{Path}' was read up to byte {offset}, and its bytes before that place are others now: it "
                + $"was cut off and filled again, or written over. {HowToMend}");
        }
    }

    /// <summary>Whether there is a next file that has bytes: then nothing is added to this one any more.</summary>
    /// <param name="offset">How much of this one was read, also of a record that is not whole.</param>
    public bool HasNext(long offset) => Next(offset) is not null;

    /// <summary>Goes on to the next file.</summary>
    /// <param name="offset">How much of this one was read: all of it.</param>
    /// <returns>False where it is not there any more.</returns>
    public bool TryMoveOn(long offset)
    {
        var next = Next(offset);
        _done = PlaceAt(_file!, offset) with { IsDone = true };
        Close();
        return next is not null && TryOpen(next);
    }

    /// <summary>How many bytes lie behind a place, in this file and the later ones.</summary>
    public long LagAt(long offset)
    {
        var lag = Math.Max(0, Length - offset);
        var own = _seen.FindIndex(file => IsNamed(file, _name));
        for (var later = own + 1; own >= 0 && later < _seen.Count; later++)
            lag += _seen[later].Length;
        return lag;
    }

    public void Dispose() => Close();

    private SourcePositionException CutOff(long offset) => new(
        $"The file '{Path}' has {Length} bytes, and {offset} of it were read: it was cut off. {HowToMend}");

    /// <summary>The file behind this one, where it has bytes.</summary>
    private FoundFile? Next(long offset)
    {
        var files = _folder.List();
        var own = IndexOfOwn(files, offset);
        _seen = files;
        for (var index = own + 1; index < files.Count; index++)
        {
            if (files[index].Length > 0 && (own >= 0 || _folder.IsBehind(files[index], PlaceAt(_file!, offset))))
                return files[index];
        }

        return null;
    }

    /// <summary>
    /// Which of the files is the one that is open; it may have got another name, or a copy of it its place. -1 for
    /// none.
    /// </summary>
    private int IndexOfOwn(List<FoundFile> files, long offset)
    {
        // As a rule nothing was renamed.
        var own = files.FindIndex(file => IsNamed(file, _name));
        if (own >= 0 && IdentityOf(files[own]) == _identity)
            return own;
        var found = FilesOf(PlaceAt(_file!, offset), files);
        var same = found.Find(file => IdentityOf(file) == _identity) ?? CopyOf(found, offset);
        if (same is null)
            return -1;
        _name = same.Name;
        return files.IndexOf(same);
    }

    /// <summary>
    /// The file that has taken the place of the one that is open, which has no name any more: it has all of its bytes,
    /// and may have more. Null for none.
    /// </summary>
    private FoundFile? CopyOf(List<FoundFile> found, long offset)
    {
        // Where nothing was read, every file has its bytes. Files that follow by name are others.
        if (offset == 0 || found is not [var copy] || (_folder.IsByName && !IsNamed(copy, _name)))
            return null;
        var before = _file;
        if (!TryOpen(copy))
            return null;
        before?.Dispose();
        return copy;
    }

    private void Find(FilePlace place)
    {
        var files = _folder.List();
        var found = FilesOf(place, files);
        _done = place with { IsDone = true };
        if (found.Count == 0 && place.IsDone)
            return;
        if (found.Count != 1 || !TryOpen(found[0]))
            throw NotThere(place, files);
        _done = null;
        _seen = files;
        Offset = place.Offset;
    }

    /// <summary>The files that hold what was read; where there are several, those that it was rather.</summary>
    private List<FoundFile> FilesOf(FilePlace place, List<FoundFile> files)
    {
        var found = files.FindAll(file => file.Length >= place.Offset && IsFileOf(file, place));
        if (found.Count > 1 && found.Exists(file => IdentityOf(file) == place.Identity))
            found.RemoveAll(file => IdentityOf(file) != place.Identity);
        if (found.Count > 1 && found.Exists(file => IsNamed(file, place.Name)))
            found.RemoveAll(file => !IsNamed(file, place.Name));
        return found;
    }

    /// <summary>What the system knows it by; null where it is gone.</summary>
    private long? IdentityOf(FoundFile found)
    {
        try
        {
            using var file = Open(found.Name);
            return FileIdentity.Of(file);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static bool IsNamed(FoundFile file, string name) =>
        string.Equals(file.Name, name, StringComparison.Ordinal);

    private bool IsFileOf(FoundFile found, FilePlace place)
    {
        try
        {
            using var file = Open(found.Name);
            return FileMark.HeadOf(file, place.Offset) == place.Head
                && FileMark.TailOf(file, place.Offset) == place.Tail;
        }
        catch (IOException)
        {
            // It is gone, or shorter.
            return false;
        }
    }

    private SourcePositionException NotThere(FilePlace place, List<FoundFile> files)
    {
        var same = files.Find(file => IsNamed(file, place.Name));
        var why = same switch
        {
            null => "it is no longer there, under this name or another one",
            { Length: var length } when length < place.Offset => $"it has {length} bytes now",
            _ => "its bytes before that place are others now, or several files have them",
        };
        return new SourcePositionException(
            $"The file '{_folder.PathOf(place.Name)}' was read up to byte {place.Offset}, and {why}. Put it back as it "
            + "was, unpacked; or give the source another name to begin anew with the files that there are.");
    }

    private FilePlace PlaceAt(SafeFileHandle file, long offset) => new()
    {
        Name = _name,
        Offset = offset,
        Identity = _identity,
        WrittenTicks = File.GetLastWriteTimeUtc(file).Ticks,
        Head = FileMark.HeadOf(file, offset),
        Tail = FileMark.TailOf(file, offset),
    };

    private bool TryOpen(FoundFile found)
    {
        try
        {
            _file = Open(found.Name);
        }
        catch (FileNotFoundException)
        {
            return false;
        }

        _name = found.Name;
        _identity = FileIdentity.Of(_file);
        Offset = 0;
        return true;
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The caller disposes it.")]
    private SafeFileHandle Open(string name) => File.OpenHandle(
        _folder.PathOf(name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    private void Close()
    {
        _file?.Dispose();
        _file = null;
    }
}
