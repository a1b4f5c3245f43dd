namespace LibSys.Protocols;

/// <summary>
/// What the file server understands. A handle names a file that this client opened in this life of
/// the server: ESTALE says that the life was another one, EBADF that there is no such handle of
/// this client. Requests with a path carry in C the handle of the directory that relative paths
/// start from, 0 for the root, and the path's bytes as data, or lent if they exceed the message
/// buffer.
/// </summary>
public static class FileProtocol
{
    /// <summary>The server's name.</summary>
    public const string Name = "file-server";

    /// <summary>
    /// Path; A: flags (<see cref="Abi.Posix.OpenFlags"/>), B: mode of a file to create. The answer:
    /// A the handle, B the inode, C its generation, D the file's type and mode.
    /// </summary>
    public const int Open = 1;

    /// <summary>
    /// A: inode, B: generation, C: flags, of a file opened in an earlier life. The answer's A is a
    /// handle; ESTALE if the inode is another file by now.
    /// </summary>
    public const int Reopen = 2;

    /// <summary>A: handle.</summary>
    public const int Close = 3;

    /// <summary>
    /// A: handle, B: offset, C: count. Lease: memory to fill. The answer's A is the count, less at
    /// the end of the file.
    /// </summary>
    public const int Read = 4;

    /// <summary>
    /// A: handle, B: offset, or <see cref="AtEnd"/>, C: count. Lease: the bytes. Answered when they
    /// are durable: A the count, less if the disk is full; B the offset behind the last byte
    /// written.
    /// </summary>
    public const int Write = 5;

    /// <summary>
    /// Path. The answer: B inode, C type and mode, D links, E size in bytes, F blocks of 512 bytes.
    /// </summary>
    public const int Status = 6;

    /// <summary>A: handle. Answered as <see cref="Status"/>.</summary>
    public const int HandleStatus = 7;

    /// <summary>
    /// A: handle, B: position, 0 at first. Lease: memory to fill with entries as getdents64() lays
    /// them out. The answer: A the bytes, 0 at the end; B the next position.
    /// </summary>
    public const int ReadDirectory = 8;

    /// <summary>Path.</summary>
    public const int Unlink = 9;

    /// <summary>Path; B: mode.</summary>
    public const int MakeDirectory = 10;

    /// <summary>Path.</summary>
    public const int RemoveDirectory = 11;

    /// <summary>
    /// Two paths, one behind the other; D: the first one's length. B: the directory of the second,
    /// as C of the first.
    /// </summary>
    public const int Rename = 12;

    /// <summary>
    /// A: badge of a client that ended: its handles are closed (process manager).
    /// </summary>
    public const int ClientGone = 13;

    /// <summary>
    /// The answer: B all blocks of 4096 bytes, C free blocks, D all inodes, E free inodes.
    /// </summary>
    public const int Usage = 14;

    /// <summary>The offset of a write at the end of the file, wherever that is by then.</summary>
    public const long AtEnd = -1;

    /// <summary>The longest path in bytes (Linux: PATH_MAX is 4096 with the final NUL).</summary>
    public const int PathLimit = 4095;

    /// <summary>The longest name of one path component in bytes (NAME_MAX).</summary>
    public const int NameLimit = 255;
}
