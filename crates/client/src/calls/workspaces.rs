//! Workspaces, members and invites.

use clickclack_protocol::api;
use clickclack_protocol::ids::{InviteId, UserId, WorkspaceId};

use crate::answer::ClientError;
use crate::call::Call;
use crate::client::Client;

impl Client {
    /// The workspaces one is a member of.
    pub async fn list_workspaces(&self) -> Result<api::WorkspaceList, ClientError> {
        self.get(Call::of("listWorkspaces", &[])).await
    }

    /// Creates a workspace.
    pub async fn create_workspace(
        &self,
        body: &api::CreateWorkspace,
    ) -> Result<api::Workspace, ClientError> {
        self.get(Call::of("createWorkspace", &[]).json(body)).await
    }

    /// A workspace.
    pub async fn get_workspace(
        &self,
        workspace_id: WorkspaceId,
    ) -> Result<api::Workspace, ClientError> {
        self.get(Call::of("getWorkspace", &[("workspace_id", &workspace_id)])).await
    }

    /// Renames a workspace.
    pub async fn update_workspace(
        &self,
        workspace_id: WorkspaceId,
        body: &api::UpdateWorkspace,
    ) -> Result<api::Workspace, ClientError> {
        self.get(Call::of("updateWorkspace", &[("workspace_id", &workspace_id)]).json(body)).await
    }

    /// All one needs to show a workspace.
    pub async fn get_snapshot(
        &self,
        workspace_id: WorkspaceId,
    ) -> Result<api::Snapshot, ClientError> {
        self.get(Call::of("getSnapshot", &[("workspace_id", &workspace_id)])).await
    }

    /// The member directory.
    pub async fn list_members(
        &self,
        workspace_id: WorkspaceId,
        query: &api::ListMembersQuery,
    ) -> Result<api::MemberPage, ClientError> {
        self.get(Call::of("listMembers", &[("workspace_id", &workspace_id)]).query(query)).await
    }

    /// Changes a member's role.
    pub async fn update_member(
        &self,
        workspace_id: WorkspaceId,
        user_id: UserId,
        body: &api::UpdateMember,
    ) -> Result<api::Member, ClientError> {
        self.get(
            Call::of("updateMember", &[("workspace_id", &workspace_id), ("user_id", &user_id)])
                .json(body),
        )
        .await
    }

    /// Removes a member.
    pub async fn remove_member(
        &self,
        workspace_id: WorkspaceId,
        user_id: UserId,
    ) -> Result<(), ClientError> {
        self.done(Call::of(
            "removeMember",
            &[("workspace_id", &workspace_id), ("user_id", &user_id)],
        ))
        .await
    }

    /// Invites that can be used.
    pub async fn list_invites(
        &self,
        workspace_id: WorkspaceId,
        query: &api::ListInvitesQuery,
    ) -> Result<api::InvitePage, ClientError> {
        self.get(Call::of("listInvites", &[("workspace_id", &workspace_id)]).query(query)).await
    }

    /// Makes an invite link.
    pub async fn create_invite(
        &self,
        workspace_id: WorkspaceId,
        body: &api::CreateInvite,
    ) -> Result<api::CreatedInvite, ClientError> {
        self.get(Call::of("createInvite", &[("workspace_id", &workspace_id)]).json(body)).await
    }

    /// Ends an invite.
    pub async fn revoke_invite(
        &self,
        workspace_id: WorkspaceId,
        invite_id: InviteId,
    ) -> Result<(), ClientError> {
        self.done(Call::of(
            "revokeInvite",
            &[("workspace_id", &workspace_id), ("invite_id", &invite_id)],
        ))
        .await
    }

    /// What an invite leads to.
    pub async fn get_invite(&self, token: &str) -> Result<api::InvitePreview, ClientError> {
        self.get(Call::of("getInvite", &[("token", &token)])).await
    }

    /// Joins the workspace of an invite.
    pub async fn accept_invite(&self, token: &str) -> Result<api::Workspace, ClientError> {
        self.get(Call::of("acceptInvite", &[("token", &token)])).await
    }
}
