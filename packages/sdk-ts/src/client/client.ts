//! The client: every operation of the contract as `noun.verb`.

import { channelCalls, channelMemberCalls } from "./channels.ts";
import { draftCalls, savedCalls, threadCalls } from "./conversation.ts";
import { messageCalls } from "./messages.ts";
import {
  authCalls,
  instanceCalls,
  meCalls,
  onlineCalls,
  sessionCalls,
  userCalls,
} from "./people.ts";
import { contractCalls, eventCalls, healthCalls, realtimeCalls } from "./system.ts";
import { openTransport, type ClientOptions } from "./transport.ts";
import { inviteCalls, memberCalls, workspaceCalls } from "./workspaces.ts";

/**
 * Makes a client. Its methods answer with the body of the answer and throw `ProblemError` when the
 * server refuses and `NetworkError` when no answer came.
 */
export function createClient(options: ClientOptions = {}) {
  const http = openTransport(options);
  return {
    auth: authCalls(http),
    sessions: sessionCalls(http),
    me: meCalls(http),
    users: userCalls(http),
    instance: instanceCalls(http),
    online: onlineCalls(http),
    workspaces: workspaceCalls(http),
    members: memberCalls(http),
    invites: inviteCalls(http),
    channels: channelCalls(http),
    channelMembers: channelMemberCalls(http),
    messages: messageCalls(http),
    threads: threadCalls(http),
    saved: savedCalls(http),
    drafts: draftCalls(http),
    events: eventCalls(http),
    realtime: realtimeCalls(http),
    health: healthCalls(http),
    contract: contractCalls(http),
  };
}

export type Client = ReturnType<typeof createClient>;
